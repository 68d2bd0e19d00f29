/** The server that the tests of a file share. */

import { test } from "@playwright/test";
import { Server } from "./server";

/** Starts one before the file's tests, and takes it away after them. */
export function served(): Pick<Server, "url"> {
  let server: Server | null = null;
  test.beforeAll(async () => {
    server = await Server.start();
  });
  test.afterAll(async () => {
    await server?.remove();
  });
  return {
    get url() {
      if (server === null) throw new Error("the server is there while tests run");
      return server.url;
    },
  };
}
