import { afterEach, describe, expect, it, vi } from "vitest";
import { activate } from "../cycle/calls";
import { changeProfile, renewCodes } from "../session/calls";
import { listTransactions } from "../transaction/calls";
import { ApiError, client, value } from "./client";

afterEach(() => vi.unstubAllGlobals());

/** A server that gives these answers in turn, and what it was asked. */
function serve(...answers: (() => Response)[]) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(request);
    return answers[asked.length - 1]?.();
  });
  return asked;
}
const account = (id: string) => value(client.GET("/v1.0/accounts/{id}", { params: { path: { id } } }));
const json = (status: number, body: unknown, headers?: HeadersInit) => () =>
  new Response(JSON.stringify(body), { status, headers });

describe("the client", () => {
  it("names the account, and reads the counts of a list", async () => {
    const asked = serve(json(200, [{ Id: "t" }], { "Total-Pages": "3", "Total-Records": "101" }));
    const page = await listTransactions("acme", { cycle: "c", status: "Failed", page: 2, pageSize: 50 });
    expect(page).toEqual({ rows: [{ Id: "t" }], page: 2, pages: 3, total: 101 });
    expect(asked[0]?.headers.get("X-Cyclr-Account")).toBe("acme");
    expect(new URL(asked[0]?.url ?? "").pathname).toBe("/v1.0/cycles/c/transactions");
    expect(new URL(asked[0]?.url ?? "").search).toBe("?status=Failed&page=2&pageSize=50");
  });

  it("gives a refusal with its fields and its request", async () => {
    const refusal = { Message: "The request is invalid.", ModelState: { Interval: ["2 is not one", "no"] } };
    serve(json(400, refusal, { "X-Request-Id": "r1" }));
    const error = await activate("acme", "c", { Interval: 2 }).catch((e) => e);
    expect(error).toEqual(
      new ApiError(400, "The request is invalid. Interval: 2 is not one, no", "r1", { Interval: "2 is not one, no" }),
    );
  });

  it("says each thing once", async () => {
    serve(
      json(400, { Message: "Name is required", ModelState: { Name: ["Name is required"], Graph: ["Graph: none"] } }),
    );
    await expect(account("acme")).rejects.toThrow(/^Name is required Graph: none$/);
  });

  it("gives a refusal that is not the server's own", async () => {
    serve(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(account("acme")).rejects.toEqual(new ApiError(502, "The server answered 502."));
  });
});

describe("a window that nobody touches", () => {
  afterEach(() => vi.useRealTimers());

  it("says so after five minutes", async () => {
    vi.useFakeTimers({ now: Date.now() });
    const asked = serve(json(200, {}), json(200, {}), json(200, {}));
    const says = async () => {
      await account("acme");
      return asked.at(-1)?.headers.has("X-Unattended");
    };
    window.dispatchEvent(new KeyboardEvent("keydown"));
    expect(await says()).toBe(false);
    vi.advanceTimersByTime(5 * 60_000);
    expect(await says()).toBe(true);
    window.dispatchEvent(new KeyboardEvent("keydown"));
    expect(await says()).toBe(false);
  });
});

describe("a POST", () => {
  const keys = (asked: Request[]) => asked.map((r) => r.headers.get("Idempotency-Key"));
  const codes = json(200, { RecoveryCodes: ["a"] });
  const offline = () => {
    throw new TypeError("offline");
  };

  it("is the same while it has no answer", async () => {
    const atWork = json(409, {}, { "Retry-After": "1" });
    const asked = serve(offline, json(504, {}), atWork, json(409, {}), codes);
    const press = () => renewCodes({ CurrentPassword: "p" }).catch(() => {});
    for (let i = 0; i < 5; i++) await press();
    const [first, ...rest] = keys(asked);
    expect(first).toMatch(/^[\d-]{7,}$/);
    expect(rest.slice(0, 3)).toEqual([first, first, first]);
    expect(rest[3]).not.toBe(first);
  });
  it("is the same when sent twice at once", async () => {
    const asked = serve(codes, codes);
    await Promise.all([renewCodes({ CurrentPassword: "p" }), renewCodes({ CurrentPassword: "p" })]);
    expect(new Set(keys(asked)).size).toBe(1);
  });
  it("is another when it asks for something else", async () => {
    const asked = serve(offline, codes);
    await renewCodes({ CurrentPassword: "p" }).catch(() => {});
    await renewCodes({ CurrentPassword: "q" });
    expect(new Set(keys(asked)).size).toBe(2);
  });
  it("alone has a key", async () => {
    const asked = serve(json(200, {}), json(200, {}));
    await account("acme");
    await changeProfile({ Name: "n" });
    expect(keys(asked)).toEqual([null, null]);
  });
});
