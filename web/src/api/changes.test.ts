import { readdirSync, readFileSync } from "node:fs";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useUnsaved } from "../ui/unsaved";
import { concerns, News, Pace, shows } from "./changes";

describe("concerns", () => {
  const none = () => undefined;
  const anything = { AccountId: "", Subject: "" };
  const cases: [change: [account: string, subject: string], key: unknown[], want: boolean][] = [
    [["", "Templates"], ["templates", {}], true],
    [["", "Templates"], ["template", "t", "releases", {}], true],
    [["", "Templates"], ["account", "books", "cycles", "c", "upgradeable"], true],
    [["", "Templates"], ["consoleusers", {}], false],
    [["", "Console"], ["consoleusers", {}], true],
    [["", "Console"], ["account", "books", "cycles"], false],
    [["books", "Cycles"], ["account", "books", "cycles", "list", {}], true],
    [["books", "Cycles"], ["account", "shop", "cycles", "list", {}], false],
    [["books", "Cycles"], ["account", "branch", "cycles", "list", {}], false],
    [["books", "Accounts"], ["accounts", ""], true],
    [["books", "Installed connectors"], ["account", "books", "connectors"], true],
    [["books", "Runs"], ["account", "books", "cycles"], true],
    [["books", "Runs"], ["account", "books", "connectors"], false],
    [["books", "Runs"], ["account", "books"], false],
    [["books", "Runs"], ["audit", {}], false],
    [["books", "Transactions and incidents"], ["account", "books", "errors", 1, 50], true],
    [["books", "Transactions and incidents"], ["audit", {}], true],
    [["", "Audit log"], ["audit", {}], true],
    [["books", "Cycles"], ["dashboard", "changes"], true],
    [["books", "Cycles"], ["dashboard", "days"], false],
    [["books", ""], ["users", {}], true],
    [["books", ""], ["account", "shop"], false],
    [["", "What is new"], ["templates", {}], true],
  ];
  it.each(cases)("%j and %j: %s", ([AccountId, Subject], key, want) => {
    expect(concerns({ AccountId, Subject }, key, none)).toBe(want);
  });
  it("is told of everything at once", () => {
    for (const [, key] of cases) expect(concerns(anything, key, none)).toBe(true);
  });
  it("knows that an account shows what those above it have", () => {
    const above = (account: string) => ({ leaf: "branch", branch: "books" })[account];
    const change = { AccountId: "books", Subject: "Installed connectors" };
    expect(concerns(change, ["account", "leaf", "connectors"], above)).toBe(true);
    expect(concerns({ ...change, AccountId: "leaf" }, ["account", "books", "connectors"], above)).toBe(false);
  });
  it("knows all subjects of operations that change something", () => {
    const document = JSON.parse(readFileSync("gen/openapi.json", "utf8"));
    const subjects = new Set<string>();
    for (const path of Object.values<Record<string, { tags: string[] }>>(document.paths)) {
      for (const [method, { tags }] of Object.entries(path))
        if (method !== "get") for (const t of tags) subjects.add(t);
    }
    expect([...subjects].filter((s) => !(s in shows))).toEqual([]);
  });
  it("has all that screens ask by a subject", () => {
    // What is found as one types, links that are used once, and what was counted up to when one asked.
    const others = ["account", "audit", "command", "enrol", "invitation", "report", "dashboard"];
    const known = new Set([...others, ...Object.values(shows).flat()]);
    const asked = new Set<string>();
    for (const name of readdirSync("src", { recursive: true, encoding: "utf8" })) {
      if (!/\.tsx?$/.test(name) || /\.test\./.test(name)) continue;
      for (const [, first] of readFileSync(`src/${name}`, "utf8").matchAll(/queryKey: \["([a-z]+)"/g)) {
        if (first) asked.add(first);
      }
    }
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((first) => !known.has(first))).toEqual([]);
  });
});

describe("as time goes by", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  it("does something at once, and the more seldom the longer it goes on", async () => {
    const began = Date.now();
    const ran: number[] = [];
    const pace = new Pace(() => ran.push((Date.now() - began) / 1000));
    for (let s = 0; s < 60; s += 0.5) {
      pace.want();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(ran[0]).toBe(0);
    expect(ran.length).toBeLessThan(8);
    const gaps = ran.slice(1).map((at, i) => at - (ran[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(16.5);
    await vi.advanceTimersByTimeAsync(60_000);
    const rested = ran.length;
    pace.want();
    await vi.advanceTimersByTimeAsync(0);
    expect(ran.length).toBe(rested + 1);
    pace.want();
    pace.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ran.length).toBe(rested + 1);
  });

  /** Queries that are on screen, or not, and how often each was asked. */
  function screen(...keys: { key: unknown[]; shown?: boolean; live?: boolean }[]) {
    const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
    const asked = keys.map(() => 0);
    keys.forEach(({ key, shown = true, live }, i) => {
      const options = { queryKey: key, queryFn: () => asked.splice(i, 1, (asked[i] ?? 0) + 1), meta: { live } };
      if (shown) new QueryObserver(queries, options).subscribe(() => {});
      else void queries.prefetchQuery(options);
    });
    return { queries, asked, news: new News(queries) };
  }

  it("asks again what is on screen and others changed", async () => {
    const { queries, asked, news } = screen(
      { key: ["templates", {}] },
      { key: ["templates", "unseen"], shown: false },
      { key: ["template", "t", "releases", "draft"], live: false },
      { key: ["consoleusers"] },
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([1, 1, 1, 1]);
    const change = { AccountId: "", Subject: "Templates" };
    news.hear([change, change]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([2, 1, 1, 1]);
    expect(queries.getQueryState(["templates", "unseen"])?.isInvalidated).toBe(true);
    news.hear([change]); // soon after: it waits
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked[0]).toBe(2);
    news.hear([{ AccountId: "", Subject: "Console" }]); // and keeps nothing else waiting
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual([3, 1, 1, 2]);
    news.missed();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([4, 1, 1, 3]);
  });

  it("asks nothing while something is entered, and then all that it heard", async () => {
    const { asked, news } = screen({ key: ["settings"] }, { key: ["accounts"] });
    const first = renderHook(({ dirty }) => useUnsaved(dirty), { initialProps: { dirty: true } });
    const second = renderHook(() => useUnsaved(true));
    await vi.advanceTimersByTimeAsync(0);
    news.hear([{ AccountId: "", Subject: "Settings" }]);
    news.hear([{ AccountId: "books", Subject: "Accounts" }]);
    await vi.advanceTimersByTimeAsync(60_000);
    second.unmount();
    expect(asked).toEqual([1, 1]);
    first.rerender({ dirty: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([2, 2]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([2, 2]);
  });
});
