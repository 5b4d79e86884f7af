import { beforeEach, expect, it } from "vitest";
import { ApiError } from "../api/client";
import { begin, forget, goOn, halt, runOf, type Target } from "./run";

const target = (cycle: string): Target => ({ account: "books", accountName: "Books", cycle, name: `Cycle ${cycle}` });
const of = "template";

beforeEach(() => forget(of));

it("upgrades each once, and keeps what came of it", async () => {
  const lost = [{ Name: "Old", Reason: "The new release does not have it." }];
  const run = await begin(of, 2, ["a", "b", "c"].map(target), async ({ cycle }) => {
    if (cycle === "b") throw new ApiError(400, "The cycle is running.");
    return cycle === "c" ? lost : [];
  });
  expect(run).toMatchObject({ to: 2, waiting: [], working: false });
  const ends = Object.fromEntries(run.results.map((r) => [r.cycle, [r.error, r.lost.length]]));
  expect(ends).toEqual({ a: [undefined, 0], b: ["The cycle is running.", 0], c: [undefined, 1] });
  expect(runOf(of)).toBe(run);
});

it("stops where the server is away, and goes on with what is left", async () => {
  let away = true;
  const upgrade = async ({ cycle }: Target) => {
    if (away && cycle !== "a") throw new TypeError("offline");
    return [];
  };
  const stopped = await begin(of, 2, ["a", "b", "c"].map(target), upgrade);
  expect(stopped.problem).toBe("offline");
  expect(stopped.results.map((r) => r.cycle)).toEqual(["a"]);
  expect(stopped.waiting.map((w) => w.cycle).sort()).toEqual(["b", "c"]);
  away = false;
  const done = await goOn(of, upgrade);
  expect(done).toMatchObject({ waiting: [], working: false, problem: undefined });
  expect(done?.results).toHaveLength(3);
});

it("starts no more when it is halted", async () => {
  const run = await begin(of, 2, ["a", "b", "c", "d"].map(target), async () => {
    halt(of);
    return [];
  });
  expect(run.results).toHaveLength(1);
  expect(run.waiting).toHaveLength(3);
});
