import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Area, useMay } from "../session/may";
import type { Group } from "../shell/places";
import { best, type Hit, type Kind, kinds } from "./find";
import type { Index } from "./sources";

/** Fewer letters are not worth asking the server for. */
const least = 2;

/** How many of what the browser itself finds are shown. */
const most = 6;

/** Hits of a kind, under their heading. */
export interface Part {
  kind: Kind;
  hits: Hit[];
}

/** What was typed finds: of what one may see, by kind. */
export function useHits(typed: string, { sources, help: read }: Index, places: readonly Group[], last: readonly Hit[]) {
  const may = useMay();
  const own = usePlaces(places);
  const asked = useQueries({
    queries: sources
      .filter((s) => may(s.area))
      .map((s) => ({
        queryKey: ["command", s.kind, typed],
        queryFn: ({ signal }: { signal: AbortSignal }) => s.find(typed, signal),
        enabled: typed.length >= least,
        placeholderData: keepPreviousData,
        staleTime: 30_000,
      })),
  });
  const help = useQuery({
    queryKey: ["command", "help"],
    queryFn: ({ signal }) => read?.(signal) ?? [],
    enabled: read !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!typed)
    return { parts: parted(last.map((h): Hit => ({ ...h, kind: "recent" })).concat(own)), busy: false, failed: false };
  const found = typed.length >= least ? asked.flatMap((q) => q.data ?? []) : [];
  const all = [...found, ...best(own, typed, most), ...best(help.data ?? [], typed, most)];
  return { parts: parted(all), busy: asked.some((q) => q.isFetching), failed: asked.some((q) => q.isError) };
}

/** The pages that one may see. */
function usePlaces(groups: readonly Group[]): Hit[] {
  const { t } = useTranslation();
  const may = useMay();
  const seen = (area: Area | undefined) => !area || may(area);
  return groups.flatMap((g) =>
    g.pages
      .filter((p) => seen(p.area))
      .map(
        (p): Hit => ({
          kind: "place",
          to: p.to,
          label: t(p.label),
          detail: g.pages.length > 1 ? t(g.label) : undefined,
        }),
      ),
  );
}

/** Hits by kind, in the order of kinds, without empty ones. */
const parted = (all: readonly Hit[]): Part[] =>
  kinds.map((kind) => ({ kind, hits: all.filter((h) => h.kind === kind) })).filter((p) => p.hits.length > 0);
