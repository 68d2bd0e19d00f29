/** One file to the server, with its progress, which `fetch` does not tell. */

import { Problem } from "./problem";
import type { Tokens } from "./tokens";

const BASE = "/api/v1";
const UNAUTHORIZED = 401;

export async function upload<T>(
  tokens: Tokens,
  path: string,
  file: File,
  progress: (share: number) => void,
  stop?: AbortSignal,
): Promise<T> {
  const token = await tokens.current();
  try {
    return await once<T>(token, path, file, progress, stop);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== UNAUTHORIZED) throw error;
    return once<T>(await tokens.current(token), path, file, progress, stop);
  }
}

function once<T>(token: string, path: string, file: File, progress: (share: number) => void, stop?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", BASE + path);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(Problem.unreachable());
    if (stop?.aborted === true) return void reject(Problem.unreachable());
    stop?.addEventListener("abort", () => request.abort(), { once: true });
    request.onload = () => {
      const answer = new Response(request.responseText === "" ? null : request.responseText, {
        status: request.status,
        headers: { "Retry-After": request.getResponseHeader("Retry-After") ?? "" },
      });
      if (!answer.ok) return void Problem.of(answer).then(reject, reject);
      answer.json().then(resolve, () => reject(Problem.unreachable()));
    };
    const body = new FormData();
    body.set("file", file);
    request.send(body);
  });
}
