import { beforeEach, expect, it } from "vitest";
import type { Hit } from "./find";
import { recent, remember } from "./recent";

const hit = (n: number): Hit => ({ kind: "account", to: `/accounts/${n}`, label: `Account ${n}` });

beforeEach(() => localStorage.clear());

it("has the last first, each once, and of each person their own", () => {
  for (const n of [1, 2, 1]) remember("sam", hit(n));
  expect(recent("sam")).toEqual([hit(1), hit(2)]);
  expect(recent("kim")).toEqual([]);
});

it("forgets the oldest", () => {
  for (let n = 1; n <= 12; n++) remember("sam", hit(n));
  expect(recent("sam").map((h) => h.to)).toEqual([12, 11, 10, 9, 8, 7, 6, 5].map((n) => `/accounts/${n}`));
});

it.each(["no JSON", "{}", '[{"to":"https://elsewhere.test","label":"x","kind":"help"}]'])(
  "reads %s as nothing",
  (text) => {
    localStorage.setItem("tandem.recent.sam", text);
    expect(recent("sam")).toEqual([]);
  },
);
