import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { followStream } from "../api/live";
import type { Rollout } from "../api/schema";
import { rolloutQuery } from "./calls";

/** Follows a rollout while the component is on screen. */
export function useRollout(template: string, id: string, enabled: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const end = new AbortController();
    const { queryKey } = rolloutQuery(template, id);
    const onEvent = ({ data }: { data: string }) => {
      const now: Rollout = JSON.parse(data);
      queries.setQueryData(queryKey, now);
      void queries.invalidateQueries({ queryKey: [...queryKey, "cycles"] });
      if (!now.EndedOnUtc) return;
      void queries.invalidateQueries({ queryKey: ["template", template] });
      void queries.invalidateQueries({ queryKey: ["account"] });
    };
    const onResume = () => void queries.invalidateQueries({ queryKey });
    const path = `/v1.0/templates/${template}/rollouts/${id}/live`;
    void followStream({ path, onEvent, onState: () => {}, onResume }, end.signal);
    return () => end.abort();
  }, [queries, template, id, enabled]);
}
