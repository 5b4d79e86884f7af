import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { ConnectorImport, ConnectorTrial, CustomConnector, ScriptTrial } from "../api/schema";
import type { ListFilter } from "../search";
import type { Row } from "./definition";

const path = "/v1.0/account/connectors/custom";
const one = (id: number) => ({ path: { id } });

export const customsQuery = (filter: ListFilter, pageSize?: number) =>
  queryOptions({
    queryKey: ["customs", { ...filter, pageSize }],
    queryFn: ({ signal }) =>
      paged(client.GET(path, { params: { query: listed(filter, pageSize) }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });

/** One connector, whole. It is read anew only when it is said to have changed: somebody may be at work on it. */
export const customQuery = (id: number) =>
  queryOptions({
    queryKey: ["custom", id],
    queryFn: ({ signal }) => value(client.GET(`${path}/{id}`, { params: one(id), signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const connectorReleasesQuery = (id: number) =>
  queryOptions({
    queryKey: ["custom", id, "releases"],
    queryFn: ({ signal }) => value(client.GET(`${path}/{id}/releases`, { params: one(id), signal })),
  });

export const createCustom = (body: Row) => value(client.POST(path, { body }));

/** Changes properties of a connector, if it is still as it was looked at. */
export const changeCustom = (of: CustomConnector, body: Row) =>
  value(
    client.PUT(`${path}/{id}`, {
      params: { ...one(of.Id ?? 0), header: { "If-Match": of.Revision } },
      body,
    }),
  );

export const deleteCustom = (id: number) => value(client.DELETE(`${path}/{id}`, { params: one(id) }));

export const importConnector = (body: ConnectorImport, into?: number) =>
  value(
    into === undefined
      ? client.POST(`${path}/import`, { body })
      : client.POST(`${path}/{id}/import`, { params: one(into), body }),
  );

export const draftOf = (id: number) => value(client.POST(`${path}/{id}/draft`, { params: one(id) }));

export const pushLive = (id: number, Kind: "Minor" | "Major", Notes: string) =>
  value(client.POST(`${path}/{id}/promote`, { params: one(id), body: { Kind, Notes } }));

export const tryMethod = (id: number, method: string, account: string, body: ConnectorTrial) =>
  value(
    client.POST(`${path}/{id}/test/{method}`, {
      params: { header: within(account), path: { id, method } },
      body,
    }),
  );

export const tryScript = (body: ScriptTrial) => value(client.POST("/v1.0/scripts/test", { body }));

/** Has all that shows the partner's own connectors read them anew. */
export function useCustomsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(["customs", "custom", "library"].map((k) => queries.invalidateQueries({ queryKey: [k] })));
  };
}
