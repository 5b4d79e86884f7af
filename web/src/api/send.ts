import { attended } from "./attended";

/** The keys of POSTs that have had no answer yet, by all that is asked for. */
const unanswered = new Map<string, string>();

/**
 * Sends a request. A POST that is sent twice, because a button was pressed twice or
 * because no answer came, has the same Idempotency-Key both times, and is run once.
 */
export async function send(request: Request): Promise<Response> {
  // What a page asks by itself does not keep a session alive that nobody uses.
  if (!attended()) request.headers.set("X-Unattended", "1");
  if (request.method !== "POST") return fetch(request);
  const asked = [request.url, request.headers.get("X-Cyclr-Account"), await request.clone().text()].join("\n");
  const key = unanswered.get(asked) ?? newKey();
  unanswered.set(asked, key);
  request.headers.set("Idempotency-Key", key);
  const response = await fetch(request);
  // A 504, or a 409 while the first is at work, does not say what came of it.
  if (response.status < 500 && !response.headers.has("Retry-After")) unanswered.delete(asked);
  return response;
}

/** Not crypto.randomUUID, which is only there on HTTPS and on localhost. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
