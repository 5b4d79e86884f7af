import { expect, it } from "vitest";
import { best, type Hit, score, transactionId } from "./find";

const place = (label: string, detail?: string): Hit => ({ kind: "place", to: `/${label}`, label, detail });

it("fits texts that have all words, at their beginning best", () => {
  expect(score("Data Retention", ["data"])).toBeGreaterThan(score("Data Retention", ["ret"]));
  expect(score("Data Retention", ["ret"])).toBeGreaterThan(score("Data Retention", ["ent"]));
  expect(score("Data Retention", ["data", "x"])).toBe(0);
});

it("gives the best first, and finds by what stands beside the label", () => {
  const all = [place("Account Management", "Accounts"), place("Accounts", "Reports"), place("General", "Settings")];
  expect(best(all, "accounts", 5).map((h) => h.label)).toEqual(["Accounts", "Account Management"]);
  expect(best(all, "settings gen", 5).map((h) => h.label)).toEqual(["General"]);
  expect(best(all, "a", 1)).toHaveLength(1);
  expect(best(all, "nothing", 5)).toEqual([]);
});

it("knows the id of a transaction from other GUIDs", () => {
  expect(transactionId(" 0C7A2B10-1111-8222-8374-616E64656D01 ")).toBe("0c7a2b10-1111-8222-8374-616e64656d01");
  expect(transactionId("0c7a2b10-1111-4222-8374-616e64656d01")).toBeUndefined();
  expect(transactionId("page turner")).toBeUndefined();
});
