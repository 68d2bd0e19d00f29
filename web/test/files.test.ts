import { beforeEach, describe, expect, test } from "vitest";
import { boxOf, isPicture } from "../src/components/files";
import { FileLinks, type FileLinkPorts } from "../src/state/file-links";
import { frameOf, messageOf } from "../src/state/sending";
import { FILES_MAX, Uploads } from "../src/state/uploads";
import { deleted } from "../src/state/timeline";
import type { Attachment, FileLinkList, Id } from "../src/wire/types";
import { fileSize } from "../src/words/file-size";
import { message } from "./messages";

const PLACE = "c1";
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

const attachment = (id: Id, change: Partial<Attachment> = {}): Attachment => ({
  id,
  name: `${id}.txt`,
  mime_type: "text/plain",
  size: 5,
  url: `/api/v1/files/${id}`,
  thumbnail_url: null,
  width: null,
  height: null,
  ...change,
});

const file = (name: string): File => new File(["words"], name);

describe("uploads", () => {
  interface Attempt {
    name: string;
    progress(share: number): void;
    done(id: Id): void;
    fail(): void;
    stop: AbortSignal;
  }
  let attempts: Attempt[];
  let uploads: Uploads;
  beforeEach(() => {
    attempts = [];
    uploads = new Uploads(
      (source, progress, stop) =>
        new Promise((resolve, reject) => {
          attempts.push({ name: source.name, progress, stop, done: (id) => resolve(attachment(id)), fail: () => reject(new Error("no")) });
        }),
    );
  });

  test("files of a composer tell how far they are and leave with its message", async () => {
    expect(uploads.add(PLACE, [file("a"), file("b")])).toBe(0);
    attempts[0]?.progress(0.5);
    expect(uploads.of(PLACE).map((upload) => upload.share)).toEqual([0.5, 0]);
    attempts[1]?.done("b");
    attempts[0]?.done("a");
    await settle();
    expect(uploads.of("elsewhere")).toEqual([]);
    expect(uploads.take(PLACE).map((held) => held.id)).toEqual(["a", "b"]);
    expect(uploads.of(PLACE)).toEqual([]);
  });

  test("what failed stays with its reason and can be tried again", async () => {
    uploads.add(PLACE, [file("a")]);
    attempts[0]?.fail();
    await settle();
    const [failed] = uploads.of(PLACE);
    expect(failed?.state).toBe("failed");
    uploads.again(PLACE, failed?.key ?? 0);
    expect(uploads.of(PLACE)[0]?.state).toBe("sending");
    attempts[1]?.done("a");
    await settle();
    expect(uploads.of(PLACE)[0]?.state).toBe("done");
  });

  test("what is removed is stopped and does not come back", async () => {
    uploads.add(PLACE, [file("a")]);
    uploads.remove(PLACE, uploads.of(PLACE)[0]?.key ?? 0);
    expect(attempts[0]?.stop.aborted).toBe(true);
    attempts[0]?.done("a");
    await settle();
    expect(uploads.of(PLACE)).toEqual([]);
  });

  test("more files than a message may have find no place", () => {
    const many = Array.from({ length: FILES_MAX + 2 }, (_, n) => file(String(n)));
    expect(uploads.add(PLACE, many)).toBe(2);
    expect(uploads.add(PLACE, [file("more")])).toBe(1);
    expect(uploads.of(PLACE).length).toBe(FILES_MAX);
  });

  test("a file that the server would not take is not sent", async () => {
    const strict = new Uploads(() => Promise.reject(new Error("was sent")), 3);
    strict.add(PLACE, [file("a")]);
    await settle();
    expect(strict.of(PLACE)[0]?.error).toMatchObject({ status: 413 });
  });

  test("files of a message that could not be begun come back", () => {
    uploads.putBack(PLACE, [attachment("a")]);
    expect(uploads.take(PLACE).map((held) => held.id)).toEqual(["a"]);
  });
});

describe("addresses of files", () => {
  let now: number;
  let asked: Id[][];
  let turn: (() => void)[];
  let ports: FileLinkPorts;
  const flush = async (): Promise<void> => {
    for (const what of turn.splice(0)) what();
    await settle();
  };
  beforeEach(() => {
    now = 0;
    asked = [];
    turn = [];
    ports = {
      ask: async (ids): Promise<FileLinkList> => {
        asked.push(ids);
        const data = ids.map((id) => ({ id, url: `/${id}?pass=${asked.length}`, thumbnail_url: `/${id}/thumbnail?pass=${asked.length}` }));
        return { data, expires_at: new Date(now + 600_000).toISOString() };
      },
      now: () => now,
      soon: (what) => turn.push(what),
    };
  });

  test("rows of one turn are asked for together, and again when their addresses end", async () => {
    const links = new FileLinks(ports);
    links.want("a");
    links.want("b");
    await flush();
    links.want("a");
    await flush();
    expect(asked).toEqual([["a", "b"]]);
    now = 590_000;
    links.want("a");
    await flush();
    expect(asked).toEqual([["a", "b"], ["a"]]);
    expect(links.get("a")?.url).toBe("/a?pass=2");
  });

  test("a picture that does not load is asked for once more, not for ever", async () => {
    const links = new FileLinks(ports);
    links.want("a");
    await flush();
    expect(links.failed("a")).toBe(true);
    expect(links.get("a")).toBeUndefined();
    await flush();
    expect(links.get("a")?.url).toBe("/a?pass=2");
    expect(links.failed("a")).toBe(false);
  });

  test("a file is saved by an address that counts", async () => {
    const links = new FileLinks(ports);
    const fresh = links.fresh("a");
    await flush();
    expect((await fresh)?.url).toBe("/a?pass=1");
    expect(await new FileLinks(null).fresh("a")).toBeNull();
  });
});

describe("files of messages", () => {
  test("a queued message keeps its files over a reload and sends their ids", () => {
    const entry = JSON.parse(
      JSON.stringify({ client_message_id: "x", channel_id: "c1", thread_id: null, content: "", mentions: [], attachments: [attachment("a")], after_seq: 3, created_at: "2026-05-12T12:00:00.000Z", state: "queued", reason: null }),
    );
    expect(frameOf(entry)["attachments"]).toEqual(["a"]);
    const sent = messageOf(entry, { type: "ack", message_id: "m", seq: 4 }, { id: "me", username: "ada" });
    expect(sent?.attachments.map((held) => held.id)).toEqual(["a"]);
    expect(sent?.message_type).toBe("file");
    expect(deleted(message(1, { attachments: [attachment("a")] })).attachments).toEqual([]);
  });

  test("a picture has its size before it is there, and what cannot be shown is a row", () => {
    expect(boxOf(3000, 2000)).toEqual({ width: 340, height: 227 });
    expect(boxOf(100, 50)).toEqual({ width: 100, height: 50 });
    expect(boxOf(10_000, 10)).toEqual({ width: 340, height: 40 });
    expect(isPicture(attachment("a", { mime_type: "image/png" }))).toBe(false);
    expect(isPicture(attachment("a", { thumbnail_url: "/t", width: 3, height: 2 }))).toBe(true);
  });

  test("sizes are short", () => {
    expect([0, 1023, 1024, 1_500_000, 52_428_800, 3 * 1024 ** 3].map(fileSize)).toEqual(["0 B", "1023 B", "1.0 KB", "1.4 MB", "50 MB", "3.0 GB"]);
  });
});
