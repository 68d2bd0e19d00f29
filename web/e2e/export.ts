/**
 * A long channel as another chat program would export it: many people, many days, and text of every kind.
 * Imported in one go, 10,000 messages are there within seconds, with times and authors of their own.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "./server";

const PEOPLE = ["mara.veld", "ines.barroca", "hugo.brandl", "noor.azadi", "tomas.reyes", "lena.kroll", "iva.petrov", "sam.okoro"];
/** The first day of it; the last message is some weeks later. */
const BEGAN_MS = Date.UTC(2026, 0, 5, 8);
const TIDE = "the tide comes in and goes out again, and the boats with it. ";
/** One of each kind in turn: a line, paragraphs, a list, code, a quotation, a link, a table. */
const KINDS: readonly ((index: number) => string)[] = [
  (index) => `Message ${index}: ${TIDE}`,
  (index) => `Message ${index}`,
  (index) => `Message ${index}: ${TIDE.repeat(3)}`,
  (index) => `Message ${index}, **by noon**, as \`harbor.close(${index})\` says; see https://pier.example/berths/${index}`,
  (index) => `@${PEOPLE[index % PEOPLE.length]} message ${index}: ${TIDE.repeat(2)}`,
  (index) => `Message ${index}:\n- ${TIDE}\n- two berths\n- a crane`,
  (index) => `Message ${index}: ${TIDE.repeat(6)}`,
  (index) => `> ${TIDE}\n\nMessage ${index}`,
  (index) => `Message ${index}:\n\`\`\`\nselect berth, depth\nfrom berths where depth > ${index % 9}\n\`\`\``,
  (index) => `Message ${index}\n\n| berth | depth |\n|---|---|\n| north | ${index % 9} m |\n| south | 4 m |`,
];
/** People write in turns of a few messages, and rest between them. */
const TURN = 3;
const REST_MS = 7 * 60_000;

/** Puts these channels, each with so many messages, into an organization whose server stands still meanwhile. */
export async function importChannels(server: Server, organization: string, channels: Readonly<Record<string, number>>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "starling-export-"));
  const file = join(folder, "import.jsonl");
  await writeFile(file, exported(channels));
  await server.kill();
  server.command("import", "mattermost", "--org", organization, file);
  await server.run();
  await rm(folder, { recursive: true });
}

function exported(channels: Readonly<Record<string, number>>): string {
  const names = Object.keys(channels);
  const lines: object[] = [
    { type: "version", version: 1 },
    { type: "team", team: { name: "crew", display_name: "Crew", type: "O" } },
    ...names.map((name) => ({ type: "channel", channel: { team: "crew", name, display_name: name, type: "O" } })),
  ];
  for (const username of PEOPLE) {
    const [first_name, last_name] = username.split(".").map((part) => part.charAt(0).toUpperCase() + part.slice(1));
    const memberships = names.map((name) => ({ name, roles: "channel_user" }));
    lines.push({ type: "user", user: { username, email: `${username}@example.org`, first_name, last_name, roles: "system_user", teams: [{ name: "crew", channels: memberships }] } });
  }
  for (const [name, count] of Object.entries(channels)) {
    for (let index = 0; index < count; index += 1) lines.push({ type: "post", post: postOf(name, index) });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function postOf(channel: string, index: number): object {
  const turn = Math.floor(index / TURN);
  const create_at = BEGAN_MS + turn * REST_MS + (index % TURN) * 20_000;
  const reactions = index % 7 === 0 ? [{ user: PEOPLE[(turn + 1) % PEOPLE.length], emoji_name: "+1", create_at: create_at + 5_000 }] : [];
  const message = (KINDS[index % KINDS.length] ?? String)(index);
  return { team: "crew", channel, user: PEOPLE[turn % PEOPLE.length], message, create_at, reactions };
}
