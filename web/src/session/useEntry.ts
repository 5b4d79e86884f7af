import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "./calls";
import { destination } from "./destination";
import type { Entry, Session } from "./door";

/** What is left to do, and what to call when a step is done. */
export function useEntry(to?: string) {
  const router = useRouter();
  const queries = useQueryClient();
  const [entry, setEntry] = useState<Entry>();
  const enter = (session: Entry) => {
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session as Session);
    router.history.replace(router.options.basepath + destination(to));
  };
  const proceed = (next: Entry) => {
    if (next.Next || next.RecoveryCodes) setEntry(next);
    else enter(next);
  };
  return { entry, proceed, enter, restart: () => setEntry(undefined) };
}
