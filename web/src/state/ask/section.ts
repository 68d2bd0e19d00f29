/** Where one is besides the channels, and its name in the address. */

import type { Id } from "../../wire/types";

export type Section =
  | { name: "connections" }
  | { name: "workbench"; connection: Id }
  | { name: "audit" }
  | { name: "admin"; tab: "people" | "health" }
  /** A private question that has no conversation yet. */
  | { name: "private" };

export function addressOf(section: Section): string {
  switch (section.name) {
    case "connections":
      return "data";
    case "workbench":
      return `data/${section.connection}`;
    case "audit":
      return "data/audit";
    case "admin":
      return `admin/${section.tab}`;
    case "private":
      return "ask";
  }
}

/** Null for the address of a channel, and for no address. */
export function sectionAt(address: string): Section | null {
  if (address === "ask") return { name: "private" };
  const [head, tail] = address.split("/");
  if (head === "admin") return { name: "admin", tab: tail === "health" ? "health" : "people" };
  if (head !== "data") return null;
  if (tail === undefined || tail === "") return { name: "connections" };
  return tail === "audit" ? { name: "audit" } : { name: "workbench", connection: tail };
}
