import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backOff, follow, type LiveState, StreamParser } from "./live";
import type { Transaction } from "./schema";

describe("StreamParser", () => {
  const stream = ": hello\n\nevent: transactions\ndata: [1,\ndata: 2]\n\n:beat\n\ndata: plain\r\n\r\nevent: empty\n\n";
  const want = [
    { event: "transactions", data: "[1,\n2]" },
    { event: "message", data: "plain" },
  ];
  it("cuts a stream into events and drops comments", () => {
    expect(new StreamParser().push(stream)).toEqual(want);
  });
  it("takes any pieces", () => {
    for (let size = 1; size < stream.length; size++) {
      const parser = new StreamParser();
      const events = [];
      for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
      expect(events, `pieces of ${size}`).toEqual(want);
    }
  });
});

it("waits longer each time, up to half a minute, never all at once", () => {
  expect([0, 1, 2, 9].map((n) => backOff(n, () => 1))).toEqual([1000, 2000, 4000, 30_000]);
  expect(backOff(3, () => 0)).toBe(4000);
});

describe("follow", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** A server whose n-th answer is the n-th given, the last one for ever. */
  function serve(...answers: (() => Response)[]) {
    const calls: Request[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      calls.push(new Request(new URL(url, "http://x.test"), { headers: init.headers }));
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      return answer?.();
    });
    return calls;
  }
  const events =
    (...data: string[]) =>
    () =>
      new Response(data.map((d) => `event: transactions\ndata: ${d}\n\n`).join(""), { status: 200 });

  function start() {
    const stop = new AbortController();
    const states: LiveState[] = [];
    const seen: Transaction[][] = [];
    const onResume = vi.fn();
    const options = {
      account: "acme",
      cycle: "c 1",
      onTransactions: (t: Transaction[]) => void seen.push(t),
      onState: (s: LiveState) => void states.push(s),
      onResume,
    };
    const done = follow(options, stop.signal);
    return { stop, states, seen, onResume, done };
  }

  it("names the account, tells of events, and comes back after a break", async () => {
    const calls = serve(events('[{"Id":"a"}]'), events('[{"Id":"b"}]'));
    const f = start();
    await vi.advanceTimersByTimeAsync(0);
    expect(f.seen).toEqual([[{ Id: "a" }]]);
    expect(f.states).toEqual(["connecting", "live", "retrying"]);
    expect(f.onResume).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(f.seen).toHaveLength(2);
    expect(f.onResume).toHaveBeenCalledOnce();
    expect(calls[0]?.headers.get("X-Cyclr-Account")).toBe("acme");
    expect(calls[0]?.url).toBe("http://x.test/v1.0/cycles/transactions/live?cycle=c%201");
    f.stop.abort();
    await f.done;
  });

  it("goes on after a failing server, and after nonsense", async () => {
    serve(() => new Response("", { status: 503 }), events("{nonsense"), events('[{"Id":"c"}]'));
    const f = start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(f.seen[0]).toEqual([{ Id: "c" }]);
    f.stop.abort();
    await f.done;
  });

  it("asks now and then while there are too many streams, and tries again", async () => {
    const calls = serve(
      () => new Response("", { status: 429 }),
      () => new Response("", { status: 429 }),
      events('[{"Id":"d"}]'),
    );
    const f = start();
    await vi.advanceTimersByTimeAsync(14_000);
    expect(calls).toHaveLength(1);
    expect(f.states).toEqual(["connecting", "retrying"]);
    expect(f.onResume).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(16_000);
    expect(calls).toHaveLength(2);
    expect(f.onResume).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(f.seen[0]).toEqual([{ Id: "d" }]);
    f.stop.abort();
    await f.done;
  });

  it("gives up when it is refused", async () => {
    const calls = serve(() => new Response("", { status: 401 }));
    const f = start();
    await f.done;
    expect(calls).toHaveLength(1);
  });
});
