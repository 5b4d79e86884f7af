import { QueryClient } from "@tanstack/react-query";
import { isUnsaved } from "../ui/unsaved";
import { ApiError } from "./client";

/** Failures that another try may mend. */
export function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ApiError && error.status < 500 && error.status !== 429) return false;
  return failures < 2;
}

/** A client whose onSignedOut runs when the server no longer knows the session. */
export function newQueryClient(onSignedOut: () => void): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      // A server may be near while the browser takes itself for offline; and what
      // is asked for now is never to be done later, unseen.
      queries: {
        retry: worthRetrying,
        staleTime: 5_000,
        networkMode: "always",
        refetchOnWindowFocus: () => !isUnsaved(),
      },
      mutations: { networkMode: "always" },
    },
  });
  const check = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) onSignedOut();
  };
  client.getQueryCache().config.onError = check;
  client.getMutationCache().config.onError = check;
  return client;
}
