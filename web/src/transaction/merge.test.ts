import { describe, expect, it } from "vitest";
import type { Transaction, TransactionStatus } from "../api/schema";
import { merge } from "./merge";

const tx = (Id: string, second: number, Status: TransactionStatus = "Completed", CycleId = "c"): Transaction => ({
  Id,
  CycleId,
  Status,
  CreatedOnUtc: `2026-11-21T12:00:${String(second).padStart(2, "0")}Z`,
  TasksUsed: 0,
  ErrorCount: 0,
  Children: 0,
});
const page = (rows: Transaction[], n = 1, total = rows.length) => ({ rows, page: n, pages: 1, total });
const ids = (p: { rows: Transaction[] }) => p.rows.map((t) => t.Id);

describe("merge", () => {
  it("puts new ones in by their time and counts them", () => {
    const after = merge(page([tx("b", 20), tx("a", 10)]), [tx("c", 30), tx("ab", 15)], {}, 50);
    expect(ids(after)).toEqual(["c", "b", "ab", "a"]);
    expect(after.total).toBe(4);
  });
  it("replaces what changed", () => {
    const after = merge(page([tx("a", 10, "Queued")]), [tx("a", 10, "Failed")], {}, 50);
    expect(after.rows[0]?.Status).toBe("Failed");
    expect(after.total).toBe(1);
  });
  it("does not bring back what has ended", () => {
    const after = merge(page([tx("a", 10, "Completed")]), [tx("a", 10, "Queued")], {}, 50);
    expect(after.rows[0]?.Status).toBe("Completed");
  });
  it("keeps to the filter: others do not come in, and what no longer fits goes", () => {
    const before = page([tx("a", 10, "Queued")]);
    const after = merge(
      before,
      [tx("a", 10, "Completed"), tx("b", 20, "Queued"), tx("d", 20, "Queued", "other")],
      { cycle: "c", status: "Queued" },
      50,
    );
    expect(ids(after)).toEqual(["b"]);
    expect(after.total).toBe(1);
  });
  it("keeps the page's size, and tells of the next page", () => {
    const after = merge(page([tx("b", 20), tx("a", 10)]), [tx("c", 30)], {}, 2);
    expect(ids(after)).toEqual(["c", "b"]);
    expect(after.pages).toBe(2);
  });
  it("adds nothing to later pages, but follows what is on them", () => {
    const after = merge(page([tx("a", 10, "Queued")], 2), [tx("c", 30), tx("a", 10, "Failed")], {}, 50);
    expect(ids(after)).toEqual(["a"]);
    expect(after.rows[0]?.Status).toBe("Failed");
  });
  it("leaves the page before untouched", () => {
    const before = page([tx("a", 10)]);
    merge(before, [tx("b", 20)], {}, 50);
    expect(ids(before)).toEqual(["a"]);
  });
});
