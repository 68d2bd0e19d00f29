import { expect, test } from "vitest";
import { Shell } from "../src/sw/shell";

const html = (...files: string[]): string => files.map((file) => `<script src="/assets/${file}"></script>`).join("");
const document = (text: string): Response => new Response(text, { headers: { "Content-Type": "text/html" } });

/** Caches and a server, as far as the shell knows them. */
class Around {
  readonly stored = new Map<string, Map<string, Response>>();
  readonly asked: string[] = [];
  away = false;
  served = html("one.js", "one.css");
  readonly shell = new Shell({
    caches: {
      open: (name: string) => Promise.resolve(this.open(name)),
      keys: () => Promise.resolve([...this.stored.keys()]),
      delete: (name: string) => Promise.resolve(this.stored.delete(name)),
      match: (key: RequestInfo | URL) => Promise.resolve([...this.stored.values()].flatMap((held) => held.get(path(key))?.clone() ?? [])[0]),
    },
    fetch: (input) => this.answer(path(input)),
    pause: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });

  async answer(asked: string): Promise<Response> {
    this.asked.push(asked);
    if (this.away) throw new TypeError("no network");
    return asked === "/" ? document(this.served) : new Response(`content of ${asked}`);
  }

  /** A load of the page, and all that is done after it. */
  async load(asked = this.answer("/")): Promise<string> {
    const more: Promise<unknown>[] = [];
    const response = await this.shell.page(asked, (work) => void more.push(work));
    for (let done = 0; done < more.length; done += 1) await more[done];
    return response.text();
  }

  private open(name: string): Cache {
    const held = this.stored.get(name) ?? new Map<string, Response>();
    this.stored.set(name, held);
    return {
      match: (key: RequestInfo | URL) => Promise.resolve(held.get(path(key))?.clone()),
      put: async (key: RequestInfo | URL, response: Response) => void held.set(path(key), response),
      add: async (key: RequestInfo | URL) => void held.set(path(key), await this.answer(path(key))),
    } as unknown as Cache;
  }
}

function path(key: unknown): string {
  return typeof key === "string" ? key : (key as Request).url;
}

test("the page that was loaded last is there when the server is not, with all that it names", async () => {
  const around = new Around();
  await around.shell.refresh();
  around.away = true;
  expect(await around.load()).toBe(around.served);
  for (const file of ["/assets/one.js", "/assets/one.css"]) {
    expect(await (await around.shell.asset({ url: file } as Request)).text()).toBe(`content of ${file}`);
  }
});

test("a server that answers is believed at once: its new version is shown by the next load", async () => {
  const around = new Around();
  await around.shell.refresh();
  around.served = html("two.js");
  expect(await around.load()).toBe(around.served);
  around.away = true;
  expect(await around.load()).toBe(around.served);
});

test("a new version whose files cannot be read does not take the place of the one that is whole", async () => {
  const around = new Around();
  await around.shell.refresh();
  const before = around.served;
  around.served = html("two.js");
  const late = around.answer("/");
  await late;
  around.away = true;
  await around.load(late);
  expect(await around.load()).toBe(before);
});

test("a server that is slow is not waited for, and what it says in the end is kept", async () => {
  const around = new Around();
  await around.shell.refresh();
  const before = around.served;
  const after = html("two.js");
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(document(after)), 60));
  expect(await around.load(late)).toBe(before);
  around.away = true;
  expect(await around.load()).toBe(after);
});

test("a proxy that has no server behind it counts as no answer; a refusal is shown as it is", async () => {
  const around = new Around();
  await around.shell.refresh();
  expect(await around.load(Promise.resolve(new Response("bad gateway", { status: 502 })))).toBe(around.served);
  expect(await around.load(Promise.resolve(new Response("not allowed", { status: 403 })))).toBe("not allowed");
});

test("two versions are kept at most: the last and the one before, which a window may still show", async () => {
  const around = new Around();
  for (const name of ["one", "two", "three", "four"]) {
    around.served = html(`${name}.js`);
    await around.load();
  }
  expect([...around.stored.keys()].filter((name) => name.includes("version"))).toEqual(["starling version /assets/three.js", "starling version /assets/four.js"]);
});

test("without a kept page a server that is away is an error, as it would be without a worker", async () => {
  const around = new Around();
  around.away = true;
  await expect(around.load()).rejects.toThrow("no network");
});

test("only files of the page are kept for a window that asks for it", async () => {
  const around = new Around();
  await around.shell.refresh();
  around.asked.length = 0;
  await around.shell.keepLoaded(["/assets/search.js", "/api/v1/bootstrap", "/assets/../api/x", 7, "/assets/one.js"]);
  expect(around.asked).toEqual(["/assets/search.js"]);
});
