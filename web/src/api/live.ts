import { ApiError } from "./client";
import type { Transaction } from "./schema";

/** A message of a text/event-stream. */
export interface StreamEvent {
  event: string;
  data: string;
}

/**
 * Cuts the text of an event stream into its messages. Text may arrive in any
 * pieces; comments (heartbeats) give nothing.
 */
export class StreamParser {
  private rest = "";
  private event = "";
  private data: string[] = [];

  push(text: string): StreamEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line !== "") this.field(line);
      else if (this.data.length > 0) events.push(this.take());
      else this.event = "";
    }
    return events;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event = value;
    if (name === "data") this.data.push(value);
  }

  private take(): StreamEvent {
    const taken = { event: this.event || "message", data: this.data.join("\n") };
    this.event = "";
    this.data = [];
    return taken;
  }
}

export type LiveState = "connecting" | "live" | "retrying";

export interface LiveOptions {
  account: string;
  cycle?: string;
  onTransactions(changed: Transaction[]): void;
  onState(state: LiveState): void;
  /** After a break: what changed meanwhile was not seen. */
  onResume(): void;
}

export interface StreamOptions extends Pick<LiveOptions, "onState" | "onResume"> {
  path: string;
  /** Left out: it is of no account. */
  account?: string;
  onEvent(e: StreamEvent): void;
}

const firstDelay = 1_000;
const longestDelay = 30_000;
/** As how many failures a refusal counts: the next try comes after the longest delay. */
const refused = 9;
/** The server sends a heartbeat more often than this. */
const silence = 60_000;

/** The wait before the n-th try to connect again, in milliseconds, spread so that windows do not come all at once. */
export function backOff(n: number, random: () => number = Math.random): number {
  const whole = Math.min(firstDelay * 2 ** n, longestDelay);
  return whole / 2 + (whole / 2) * random();
}

/** Follows an account's transactions until the signal aborts. */
export function follow({ cycle, onTransactions, ...o }: LiveOptions, signal: AbortSignal): Promise<void> {
  const query = cycle ? `?cycle=${encodeURIComponent(cycle)}` : "";
  const onEvent = ({ event, data }: StreamEvent) => {
    if (event === "transactions") onTransactions(JSON.parse(data));
  };
  return followStream({ ...o, path: `/v1.0/cycles/transactions/live${query}`, onEvent }, signal);
}

/**
 * Follows a stream until the signal aborts. It reads with fetch, since EventSource
 * cannot send the header that names the account.
 */
export async function followStream(o: StreamOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let broken = false;
  while (!signal.aborted) {
    o.onState(broken ? "retrying" : "connecting");
    try {
      await listen(o, signal, () => {
        failures = 0;
        o.onState("live");
        if (broken) o.onResume();
      });
    } catch (e) {
      if (e instanceof ApiError && e.status === 429) {
        // There are too many streams: until there is a place, what is on screen is asked for now and then.
        if (broken) o.onResume();
        failures = refused;
      }
      // Signed out, or not ours: trying again would not help.
      if (e instanceof ApiError && e.status < 500 && e.status !== 429 && e.status !== 408) {
        o.onState("retrying");
        return;
      }
    }
    broken = true;
    if (signal.aborted) return;
    o.onState("retrying");
    await pause(backOff(failures++), signal);
  }
}

async function listen(o: StreamOptions, signal: AbortSignal, connected: () => void): Promise<void> {
  const quiet = new AbortController();
  const either = AbortSignal.any([signal, quiet.signal]);
  let timer = setTimeout(() => quiet.abort(), silence);
  try {
    const response = await fetch(o.path, {
      headers: { Accept: "text/event-stream", ...(o.account ? { "X-Cyclr-Account": o.account } : {}) },
      signal: either,
    });
    if (!response.ok || !response.body) throw new ApiError(response.status, "The live stream was refused.");
    connected();
    const parser = new StreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), silence);
      for (const e of parser.push(value)) o.onEvent(e);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Waits; also ends when the window comes back to the front or online. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
