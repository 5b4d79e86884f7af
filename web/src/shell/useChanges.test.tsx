import { QueryClient, QueryClientProvider, QueryObserver } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useChanges } from "./useChanges";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A server whose streams stay open, and what was asked of it. */
function serve() {
  const open: { path: string; signal: AbortSignal; say(text: string): void }[] = [];
  vi.stubGlobal("fetch", async (path: string, { signal }: { signal: AbortSignal }) => {
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    open.push({ path, signal, say: (text) => void writer.write(new TextEncoder().encode(text)) });
    return new Response(body.readable);
  });
  return open;
}

async function show(state: "visible" | "hidden") {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  await act(async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(0);
  });
}

it("follows while somebody looks, of the account that is looked at, and catches up", async () => {
  const streams = serve();
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const queryFn = vi.fn(() => 1);
  new QueryObserver(queries, { queryKey: ["templates"], queryFn, refetchOnWindowFocus: false }).subscribe(() => {});
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const asked = async (times: number, why: string) => {
    await act(() => vi.advanceTimersByTimeAsync(50));
    expect(queryFn, why).toHaveBeenCalledTimes(times);
  };
  const hook = renderHook((account: string | undefined) => useChanges(account), { wrapper });
  await asked(1, "at first");
  expect(streams.map((s) => s.path)).toEqual(["/v1.0/changes/live"]);
  streams[0]?.say('event: changes\ndata: [{"AccountId":"","Subject":"Templates"}]\n\n');
  await asked(2, "when it changed");

  hook.rerender("books & co");
  await asked(2, "when an account is looked at");
  expect(streams.map((s) => [s.path, s.signal.aborted])).toEqual([
    ["/v1.0/changes/live", true],
    ["/v1.0/changes/live?account=books%20%26%20co", false],
  ]);

  await show("hidden");
  expect(streams[1]?.signal.aborted).toBe(true);
  await asked(2, "when nobody looks");
  await show("visible");
  expect(streams).toHaveLength(3);
  await asked(3, "when somebody looks again");
  hook.unmount();
  expect(streams[2]?.signal.aborted).toBe(true);
});
