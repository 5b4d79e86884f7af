import { useEffect, useState } from "react";
import { followStream } from "../api/live";
import type { Loaded } from "./calls";
import type { Designer } from "./useDesign";

/** The live stream of a design. */
export interface Watched {
  path: string;
  account?: string;
}

/** What the server tells of a design, whenever it changes. */
interface News {
  Revision: number;
  /** Who else has it open. */
  People: string[];
}

const nobody: string[] = [];

/**
 * Who else has the design open. What they save is taken over, as long as nothing of
 * one's own waits to be saved: else the next save tells of the conflict.
 */
export function usePresence({ path, account }: Watched, designer: Designer, reload: () => Promise<Loaded>): string[] {
  const [news, setNews] = useState<News>();
  useEffect(() => {
    const end = new AbortController();
    const onEvent = (e: { data: string }) => setNews(JSON.parse(e.data));
    void followStream({ path, account, onEvent, onState: () => {}, onResume: () => {} }, end.signal);
    return () => {
      end.abort();
      setNews(undefined);
    };
  }, [path, account]);
  const behind = news !== undefined && designer.saved.is === "saved" && designer.behind(news.Revision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each revision
  useEffect(() => {
    if (!behind) return;
    reload().then(
      (loaded) => designer.behind(loaded.Revision ?? 0) && designer.replace(loaded),
      () => {}, // the next news, or the next save, tells
    );
  }, [behind, news?.Revision]);
  return news?.People ?? nobody;
}
