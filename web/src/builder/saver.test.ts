import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/client";
import { Saver, type SaveState } from "./saver";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A saver, what it sent, and the states that it went through; each send waits for its answer. */
function world() {
  const sent: [string, number][] = [];
  const answers: { ok(revision: number): void; no(e: Error): void }[] = [];
  const states: SaveState["is"][] = [];
  const save = (value: string, revision: number) => {
    sent.push([value, revision]);
    return new Promise<number>((ok, no) => answers.push({ ok, no }));
  };
  const saver = new Saver(save, 7, (s) => states.push(s.is));
  const answer = async (n: number, with_: number | Error) => {
    const a = answers[n];
    if (with_ instanceof Error) a?.no(with_);
    else a?.ok(with_);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { saver, sent, states, answer };
}
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a saver", () => {
  it("sends the newest once nothing changes for a while", async () => {
    const { saver, sent, states, answer } = world();
    saver.push("a");
    await later(500);
    saver.push("b");
    await later(500);
    expect(sent).toEqual([]);
    await later(400);
    expect(sent).toEqual([["b", 7]]);
    await answer(0, 8);
    expect(states.at(-1)).toBe("saved");
    expect(saver.open).toBe(false);
  });

  it("sends one at a time, each of the revision before", async () => {
    const { saver, sent, states, answer } = world();
    saver.push("a");
    await later(800);
    saver.push("b");
    await later(800);
    expect(sent).toHaveLength(1);
    await answer(0, 8);
    expect(sent).toEqual([
      ["a", 7],
      ["b", 8],
    ]);
    await answer(1, 9);
    expect(states.at(-1)).toBe("saved");
  });

  it("knows what somebody else saved, while nothing of its own waits", async () => {
    const { saver, answer } = world();
    expect([7, 8].map((r) => saver.behind(r))).toEqual([false, true]);
    saver.push("a");
    expect(saver.behind(9)).toBe(false);
    await later(800);
    expect(saver.behind(9)).toBe(false);
    await answer(0, 8);
    expect([8, 9].map((r) => saver.behind(r))).toEqual([false, true]);
  });

  it("tries again after a failure, with the newest", async () => {
    const { saver, sent, states, answer } = world();
    saver.push("a");
    await later(800);
    await answer(0, new TypeError("offline"));
    expect(states.at(-1)).toBe("failed");
    expect(saver.open).toBe(true);
    await later(5_000);
    expect(sent.at(-1)).toEqual(["a", 7]);
    await answer(1, new ApiError(503, "away"));
    saver.push("b");
    await later(800);
    expect(sent.at(-1)).toEqual(["b", 7]);
  });

  it("does not send what was refused until it changes", async () => {
    const { saver, sent, states, answer } = world();
    saver.push("a");
    await later(800);
    await answer(0, new ApiError(400, "no"));
    await later(60_000);
    expect(states.at(-1)).toBe("refused");
    expect(sent).toHaveLength(1);
    saver.push("b");
    await later(800);
    expect(sent).toHaveLength(2);
  });

  it("writes over nobody's work", async () => {
    const { saver, sent, states, answer } = world();
    saver.push("a");
    await later(800);
    await answer(0, new ApiError(409, "changed"));
    saver.push("b");
    await saver.flush();
    await later(60_000);
    expect(states.at(-1)).toBe("conflict");
    expect(sent).toHaveLength(1);
    saver.accept(12);
    saver.push("c");
    await later(800);
    expect(sent.at(-1)).toEqual(["c", 12]);
  });

  it("saves at once when it is asked to", async () => {
    const { saver, sent, answer } = world();
    saver.push("a");
    const done = saver.flush();
    await later(0);
    expect(sent).toEqual([["a", 7]]);
    await answer(0, 8);
    await done;
    expect(saver.open).toBe(false);
  });
});
