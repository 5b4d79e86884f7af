import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { InstalledCycle, Lost, Rollout, RolloutPlan } from "../api/schema";
import type { ListFilter } from "../search";

/** A cycle to be upgraded. */
export interface Target {
  account: string;
  accountName: string;
  cycle: string;
  name: string;
}

/** A page of the cycles that are of older releases of a template. */
export const outdatedQuery = (id: string, filter: ListFilter) =>
  queryOptions({
    queryKey: ["template", id, "outdated", filter],
    queryFn: ({ signal }) => {
      const { query: _, ...query } = listed(filter);
      const params = { path: { id }, query: { ...query, upgradeable: true } };
      return paged(client.GET("/v1.0/templates/{id}/cycles", { params, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

export const targetOf = (c: InstalledCycle): Target => ({
  account: c.AccountId,
  accountName: c.AccountName,
  cycle: c.CycleId,
  name: c.CycleName,
});

/** What an upgrade of a cycle would come to. */
export const previewQuery = ({ account, cycle }: Target) =>
  queryOptions({
    queryKey: ["account", account, "cycle", cycle, "upgrade"],
    queryFn: ({ signal }) => {
      const params = { header: within(account), path: { id: cycle } };
      return value(client.GET("/v1.0/cycles/{id}/upgrade", { params, signal }));
    },
    staleTime: 0,
  });

/** Upgrades one, and tells what was lost. */
export async function upgrade({ account, cycle }: Target): Promise<Lost[]> {
  const params = { header: within(account), path: { id: cycle } };
  return (await value(client.POST("/v1.0/cycles/{id}/upgrade", { params }))).Lost ?? [];
}

/** The newest rollouts of a template. */
export const rolloutsQuery = (id: string) =>
  queryOptions({
    queryKey: ["template", id, "rollouts"],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { pageSize: 10 } };
      return paged(client.GET("/v1.0/templates/{id}/rollouts", { params, signal }));
    },
  });

export const rolloutQuery = (id: string, rolloutId: string) =>
  queryOptions({
    queryKey: ["template", id, "rollout", rolloutId],
    queryFn: ({ signal }) => {
      const params = { path: { id, rolloutId } };
      return value(client.GET("/v1.0/templates/{id}/rollouts/{rolloutId}", { params, signal }));
    },
  });

/** What may have become of a cycle of a rollout. */
export const outcomes = ["Pending", "Upgraded", "Unchanged", "Failed", "Gone", "Cancelled"] as const;
export type Outcome = (typeof outcomes)[number];

export interface RolledFilter extends ListFilter {
  outcome?: Outcome;
}

/** A page of the cycles of a rollout. */
export const rolledQuery = (id: string, rolloutId: string, filter: RolledFilter) =>
  queryOptions({
    queryKey: ["template", id, "rollout", rolloutId, "cycles", filter],
    queryFn: ({ signal }) => {
      const { query: _, ...query } = listed(filter);
      const params = { path: { id, rolloutId }, query: { ...query, outcome: filter.outcome } };
      return paged(client.GET("/v1.0/templates/{id}/rollouts/{rolloutId}/cycles", { params, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

export const startRollout = (id: string, body: RolloutPlan): Promise<Rollout> =>
  value(client.POST("/v1.0/templates/{id}/rollouts", { params: { path: { id } }, body }));

export type Act = "continue" | "cancel" | "retry";

export function steer(id: string, rolloutId: string, act: Act): Promise<Rollout> {
  const params = { path: { id, rolloutId } };
  switch (act) {
    case "continue":
      return value(client.POST("/v1.0/templates/{id}/rollouts/{rolloutId}/continue", { params }));
    case "cancel":
      return value(client.POST("/v1.0/templates/{id}/rollouts/{rolloutId}/cancel", { params }));
    case "retry":
      return value(client.POST("/v1.0/templates/{id}/rollouts/{rolloutId}/retry", { params }));
  }
}
