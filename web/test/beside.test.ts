import { describe, expect, test } from "vitest";
import { hostOf, siteOf } from "../src/components/link-previews";
import { Beside, pinnedBy, standing } from "../src/state/beside";
import type { Group, Pin } from "../src/wire/beside";
import type { Message } from "../src/wire/types";
import { CHANNEL, ME, message } from "./messages";

const pin = (held: Message, at = "2026-05-12T12:00:00.000Z", by = "other"): Pin => ({ message: held, pinned_by: by, pinned_at: at });

/** A server that keeps pins, and refuses when told to. */
class Server {
  kept: Pin[] = [];
  refuses = false;
  reads = 0;

  async pins(): Promise<Pin[]> {
    this.reads += 1;
    const found = this.kept;
    const during = this.whileReading;
    this.whileReading = () => undefined;
    await during();
    return found;
  }

  async pin(id: string): Promise<Pin> {
    if (this.refuses) throw new Error("refused");
    const made = pin({ ...message(1), id }, "2026-05-12T13:00:00.000Z", ME);
    this.kept = [made, ...this.kept];
    return made;
  }

  async unpin(id: string): Promise<void> {
    if (this.refuses) throw new Error("refused");
    this.kept = this.kept.filter((held) => held.message.id !== id);
  }

  held: Group[] = [];
  whileReading: () => void | Promise<void> = () => undefined;

  async groups(): Promise<Group[]> {
    const found = this.held;
    const during = this.whileReading;
    this.whileReading = () => undefined;
    await during();
    return found;
  }
}

function opened(): { server: Server; beside: Beside } {
  const server = new Server();
  return { server, beside: new Beside(server, () => ME) };
}

const ids = (beside: Beside): string[] => (beside.pins.value.get(CHANNEL) ?? []).map((held) => held.message.id);

describe("pins", () => {
  test("are shown before the server has agreed, and taken back when it does not", async () => {
    const { server, beside } = opened();
    const first = message(1);
    const done = beside.togglePin(first);
    expect(beside.pinOf(first)?.pinned_by).toBe(ME);
    await done;
    expect(ids(beside)).toEqual(["m1"]);
    server.refuses = true;
    await expect(beside.togglePin(first)).rejects.toThrow();
    expect(ids(beside)).toEqual(["m1"]);
    await expect(beside.togglePin(message(2))).rejects.toThrow();
    expect(ids(beside)).toEqual(["m1"]);
  });

  test("that change while they are read are read again", async () => {
    const { server, beside } = opened();
    const first = message(1);
    server.whileReading = () => beside.togglePin(first);
    await beside.readPins(CHANNEL);
    expect(ids(beside)).toEqual(["m1"]);
    server.whileReading = () => beside.togglePin(first);
    await beside.readPins(CHANNEL);
    expect(ids(beside)).toEqual([]);
  });

  test("are read of two channels at once, and what changes in one is no news for the other", async () => {
    const { server, beside } = opened();
    server.kept = [pin(message(1))];
    server.whileReading = async () => {
      await beside.readPins("c2");
      beside.pinned("c2", "m1", false);
    };
    await beside.readPins(CHANNEL);
    expect(ids(beside)).toEqual(["m1"]);
    expect(beside.pins.value.get("c2")).toEqual([]);
    expect(server.reads).toBe(2);
  });

  test("of others are read with their message, only where pins are shown", async () => {
    const { server, beside } = opened();
    server.kept = [pin(message(1))];
    beside.pinned(CHANNEL, "m1", true);
    expect(server.reads).toBe(0);
    await beside.readPins(CHANNEL);
    server.kept = [pin(message(2)), pin(message(1))];
    beside.pinned(CHANNEL, "m2", true);
    await Promise.resolve();
    expect(server.reads).toBe(2);
    beside.pinned(CHANNEL, "m1", false);
    await beside.readPins(CHANNEL);
    expect(ids(beside)).toEqual(["m2", "m1"]);
  });

  test("go with their message, and show its new words", async () => {
    const { server, beside } = opened();
    server.kept = [pin(message(2)), pin(message(1))];
    await beside.readPins(CHANNEL);
    beside.changed(CHANNEL, "m1", (held) => ({ ...held, content: "new" }));
    expect(beside.pinOf(message(1))?.message.content).toBe("new");
    beside.changed(CHANNEL, "m1", () => null);
    expect(ids(beside)).toEqual(["m2"]);
  });

  test("a notice says which message it is about, and nobody else's words are a notice", () => {
    const notice = { message_type: "system", client_message_id: "pin.m7.123" } as const;
    expect(pinnedBy(message(1, notice))).toBe("m7");
    expect(pinnedBy(message(1, { ...notice, message_type: "text" }))).toBeNull();
    expect(pinnedBy(message(1, { ...notice, client_message_id: "reminder" }))).toBeNull();
  });
});

test("what somebody says of themselves ends by itself", () => {
  const said = { emoji: "🌴", text: "", expires_at: "2026-05-12T12:00:00.000Z" };
  const end = Date.parse(said.expires_at);
  expect(standing(said, end - 1)).toBe(said);
  expect(standing(said, end)).toBeNull();
  expect(standing({ ...said, expires_at: null }, end)).not.toBeNull();
  expect(standing(null, end)).toBeNull();
});

test("a preview always says where it leads, and leads to pages of the web only", () => {
  const link = { url: "https://birds.example:81/x", site_name: "Your bank" };
  expect(siteOf(link)).toBe("Your bank · birds.example:81");
  expect(siteOf({ ...link, site_name: "" })).toBe("birds.example:81");
  expect(hostOf({ url: "javascript:alert(1)" })).toBeNull();
  expect(hostOf({ url: "no address" })).toBeNull();
});

describe("groups", () => {
  const group = (id: string, handle: string): Group => ({ id, handle, name: handle, description: "", member_ids: [] });
  const handles = (beside: Beside): string[] => beside.groups.value.map((held) => held.handle);

  test("that were made, changed and deleted elsewhere are shown so at once", async () => {
    const { server, beside } = opened();
    server.held = [group("1", "ops")];
    await beside.readGroups();
    beside.grouped("2", group("2", "Data"));
    expect(handles(beside)).toEqual(["Data", "ops"]);
    beside.grouped("1", group("1", "all-ops"));
    expect(handles(beside)).toEqual(["all-ops", "Data"]);
    beside.grouped("2", null);
    expect(handles(beside)).toEqual(["all-ops"]);
  });

  test("that change while they are read are read again", async () => {
    const { server, beside } = opened();
    server.held = [group("1", "old")];
    server.whileReading = () => {
      server.held = [group("1", "new")];
      beside.grouped("1", group("1", "new"));
    };
    await beside.readGroups();
    expect(handles(beside)).toEqual(["new"]);
  });
});
