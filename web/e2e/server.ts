/** The real server, on a free port with a data folder of its own, that can be killed and come back. */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARY = process.env["STARLING_BIN"] ?? "../target/debug/starling";
const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 50;

/** Servers that a failed test left behind: they end with the process that started them. */
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Server {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly data: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Each of `first` is a command that fills the data folder before the server runs; `settings` are its own. */
  static async start(first: string[] = [], settings: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), "starling-e2e-")), settings);
    for (const command of first) server.command(command);
    await server.run();
    return server;
  }

  /** A command over the data folder, while the server does not run. */
  command(...words: string[]): void {
    execFileSync(BINARY, [...words, "--data", this.data], { stdio: "ignore" });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** SIGKILL: no drain, no flush, no good-bye. */
  async kill(): Promise<void> {
    const child = this.child;
    if (child === null) return;
    this.child = null;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async run(): Promise<void> {
    this.child = spawn(BINARY, ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data], {
      stdio: process.env["STARLING_E2E_LOG"] === undefined ? "ignore" : "inherit",
      env: {
        ...process.env,
        STARLING_REGISTRATION_MODE: "open",
        STARLING_GUESTS_ENABLED: "true",
        STARLING_LIMITS_MESSAGES_PER_SECOND: "200",
        STARLING_LIMITS_REST_PER_MINUTE: "10000",
        STARLING_LIMITS_REST_PER_HOUR: "100000",
        ...this.settings,
      },
    });
    const { child } = this;
    running.add(child);
    child.once("exit", () => running.delete(child));
    await this.ready();
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.url}/ready`).catch(() => null);
      if (answer?.ok) return;
      if (this.child?.exitCode !== null) throw new Error("the server ended before it was ready");
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    throw new Error("the server was not ready in time");
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
