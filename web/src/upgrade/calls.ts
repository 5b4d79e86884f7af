import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { InstalledCycle, Lost } from "../api/schema";
import type { ListFilter } from "../search";
import type { Target } from "./run";

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

/** All of them. */
export async function outdated(id: string): Promise<Target[]> {
  const all: Target[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const params = { path: { id }, query: { upgradeable: true, page, pageSize: 1000 } };
    const found = await paged(client.GET("/v1.0/templates/{id}/cycles", { params }), page);
    all.push(...found.rows.map(targetOf));
    pages = found.pages;
  }
  return all;
}

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

export async function upgrade({ account, cycle }: Target): Promise<Lost[]> {
  const params = { header: within(account), path: { id: cycle } };
  return (await value(client.POST("/v1.0/cycles/{id}/upgrade", { params }))).Lost ?? [];
}
