import { useDocumentVisibility } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { News } from "../api/changes";
import { followStream } from "../api/live";

/**
 * Keeps what is on screen as it is on the server, while somebody looks; and of an
 * account, if one is looked at, what it does by itself. A browser keeps few connections
 * to a server, so that windows that nobody sees have none.
 */
export function useChanges(account?: string): void {
  const queries = useQueryClient();
  const seen = useDocumentVisibility() === "visible";
  const [news] = useState(() => new News(queries));
  const away = useRef(false);
  useEffect(() => () => news.stop(), [news]);
  useEffect(() => {
    if (!seen) {
      away.current = true;
      return;
    }
    const stop = new AbortController();
    const query = account ? `?account=${encodeURIComponent(account)}` : "";
    void followStream(
      {
        path: `/v1.0/changes/live${query}`,
        account,
        onEvent: ({ event, data }) => {
          if (event === "changes") news.hear(JSON.parse(data));
        },
        onState: (state) => {
          if (state !== "live" || !away.current) return;
          away.current = false;
          news.missed();
        },
        onResume: () => news.missed(),
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [news, account, seen]);
}
