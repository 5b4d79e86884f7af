import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { Activation, CycleChange, TemplateTarget } from "../api/schema";
import type { ListFilter } from "../search";
import type { CycleListFilter } from "./address";

/** One cycle of an account, in a call. */
const one = (account: string, id: string) => ({ header: within(account), path: { id } });

/** All cycles of an account, for their names and figures. */
export const cyclesQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles"],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { pageSize: 1000, includeIcons: true } };
      return value(client.GET("/v1.0/cycles", { params, signal }));
    },
  });

export const cycleListQuery = (account: string, filter: CycleListFilter) =>
  queryOptions({
    queryKey: ["account", account, "cycles", "list", filter],
    queryFn: ({ signal }) => {
      const { status, deleted } = filter;
      const query = { ...listed(filter), status, includeIcons: true, includeActivity: !deleted };
      const params = { header: within(account), query };
      const asked = deleted
        ? client.GET("/v1.0/cycles/deleted", { params, signal })
        : client.GET("/v1.0/cycles", { params, signal });
      return paged(asked, filter.page);
    },
    placeholderData: keepPreviousData,
  });

export const cycleQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}", { params: one(account, id), signal })),
  });

export const prerequisitesQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "prerequisites"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/prerequisites", { params: one(account, id), signal })),
    staleTime: 0,
  });

export const stepsQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "steps"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/steps", { params: one(account, id), signal })),
  });

export const edgesQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "edges"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/edges", { params: one(account, id), signal })),
  });

/** The tasks of a cycle by day, for so many days up to now. */
export const daysQuery = (account: string, id: string, days: number) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "days", days],
    queryFn: ({ signal }) => {
      const start = new Date(Date.now() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
      const params = { header: within(account), query: { cycle: id, start, pageSize: days + 2 } };
      return value(client.GET("/v1.0/account/usage/days", { params, signal }));
    },
  });

export const incidentsQuery = (account: string, id: string, page: number, pageSize: number) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "incidents", page, pageSize],
    queryFn: ({ signal }) => {
      const params = { ...one(account, id), query: { page, pageSize } };
      return paged(client.GET("/v1.0/cycles/{id}/incidents", { params, signal }), page);
    },
    placeholderData: keepPreviousData,
  });

/** Whether the template of a cycle has another live release. */
export const upgradeableQuery = (account: string, id: string, name: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", id, "upgradeable"],
    queryFn: async ({ signal }) => {
      const params = { header: within(account), query: { query: name, pageSize: 1000 } };
      const all = await value(client.GET("/v1.0/cycles/upgradeable", { params, signal }));
      return all.some((c) => c.Id === id);
    },
    staleTime: 60_000,
  });

/** The templates that an account can install: the same in each. */
export const offersQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: ["templates", "offers", filter],
    queryFn: ({ signal }) => {
      const params = { query: { ...listed(filter), includeIcons: true } };
      return paged(client.GET("/v1.0/templates", { params, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

/** What is in a release of a template. */
export const graphQuery = (id: string, releaseId: string) =>
  queryOptions({
    queryKey: ["template", id, "releases", releaseId, "graph"],
    queryFn: async ({ signal }) => {
      const params = { path: { id, releaseId } };
      return (await value(client.GET("/v1.0/templates/{id}/releases/{releaseId}", { params, signal }))).Graph ?? {};
    },
  });

export const activate = (account: string, id: string, body: Activation) =>
  value(client.PUT("/v1.0/cycles/{id}/activate", { params: one(account, id), body }));

export function deactivate(account: string, id: string, finish: boolean) {
  const params = { ...one(account, id), query: { finishQueuedTransactions: finish } };
  return value(client.PUT("/v1.0/cycles/{id}/deactivate", { params }));
}

export const createCycle = (account: string, body: CycleChange) =>
  value(client.POST("/v1.0/cycles", { params: { header: within(account) }, body }));

export const changeCycle = (account: string, id: string, body: CycleChange) =>
  value(client.PUT("/v1.0/cycles/{id}", { params: one(account, id), body }));

export const copyCycle = (account: string, id: string, Name: string) =>
  value(client.POST("/v1.0/cycles/{id}/copy", { params: one(account, id), body: { Name } }));

export const deleteCycle = (account: string, id: string) =>
  value(client.DELETE("/v1.0/cycles/{id}", { params: one(account, id) }));

export const restoreCycle = (account: string, id: string) =>
  value(client.POST("/v1.0/cycles/{id}/restore", { params: one(account, id) }));

export const upgradeCycle = (account: string, id: string) =>
  value(client.POST("/v1.0/cycles/{id}/upgrade", { params: one(account, id) }));

export const copyToTemplate = (account: string, id: string, body: TemplateTarget) =>
  value(client.POST("/v1.0/cycles/{id}/copytotemplate", { params: one(account, id), body }));

export const clearIncidents = (account: string, id: string) =>
  value(client.DELETE("/v1.0/cycles/{id}/incidents", { params: one(account, id) }));

/** Has all that shows cycles of an account read them anew. */
export function useCyclesChanged(account: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: cyclesQuery(account).queryKey });
}
