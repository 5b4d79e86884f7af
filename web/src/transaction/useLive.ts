import { useEffect, useEffectEvent, useState } from "react";
import { follow, type LiveState } from "../api/live";
import type { Transaction } from "../api/schema";

interface Options {
  account: string;
  cycle?: string;
  /** Not before there is something to keep up to date. */
  enabled: boolean;
  onTransactions(changed: Transaction[]): void;
  onResume(): void;
}

/** Follows an account's transactions while the component is on screen. */
export function useLive({ account, cycle, enabled, onTransactions, onResume }: Options): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  const changed = useEffectEvent(onTransactions);
  const resumed = useEffectEvent(onResume);
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    void follow(
      { account, cycle, onTransactions: (t) => changed(t), onResume: () => resumed(), onState: setState },
      stop.signal,
    );
    return () => stop.abort();
  }, [account, cycle, enabled]);
  return state;
}
