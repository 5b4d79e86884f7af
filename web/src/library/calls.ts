import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";
import { listed } from "../api/list";
import type { ConnectorSettingsChange, LibraryConnector } from "../api/schema";
import type { ListFilter } from "../search";
import type { LibraryFilter } from "./filter";

/** One connector, or one of its releases, in a call. */
const one = (connector: string) => ({ path: { connector } });

export const libraryQuery = (filter: LibraryFilter) =>
  queryOptions({
    queryKey: ["connectors", "list", filter],
    queryFn: ({ signal }) => {
      const query = { ...listed(filter), category: filter.category };
      return paged(client.GET("/v1.0/connectors", { params: { query }, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

/** All of them, to choose from; a library has some hundreds at most. */
export const allConnectorsQuery = queryOptions({
  queryKey: ["connectors", "all"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/connectors", { params: { query: { pageSize: 1000 } }, signal })),
  staleTime: 60_000,
});

/** A release, by its number. */
export const releaseQuery = (id: string) =>
  queryOptions({
    queryKey: ["connectors", "one", id],
    // By a number it is one, by a name it would be a list.
    queryFn: async ({ signal }) =>
      (await value(client.GET("/v1.0/connectors/{connector}", { params: one(id), signal }))) as LibraryConnector,
  });

/** All releases of a name, the newest first. */
export const releasesQuery = (name: string) =>
  queryOptions({
    queryKey: ["connectors", "releases", name],
    queryFn: async ({ signal }) => {
      const found = await value(client.GET("/v1.0/connectors/{connector}", { params: one(name), signal }));
      return Array.isArray(found) ? found : [found];
    },
  });

export const libraryMethodsQuery = (id: string) =>
  queryOptions({
    queryKey: ["connectors", "one", id, "methods"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/connectors/{connector}/methods", { params: one(id), signal })),
  });

/** What the partner has set for a connector, in all its releases. */
export const settingsQuery = (id: string) =>
  queryOptions({
    queryKey: ["connectors", "one", id, "settings"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/connectors/{connector}/settings", { params: one(id), signal })),
  });

export const changeSettings = (id: string, body: ConnectorSettingsChange) =>
  value(client.PUT("/v1.0/connectors/{connector}/settings", { params: one(id), body }));

/** Forgets what was set. */
export const forgetSettings = (id: string) =>
  value(client.DELETE("/v1.0/connectors/{connector}/settings", { params: one(id) }));

/** The connectors that templates use. */
export const templateConnectorsQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: ["connectors", "templates", filter],
    queryFn: ({ signal }) =>
      paged(client.GET("/v1.0/templates/connectors", { params: { query: listed(filter) }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });
