import { queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";
import type { Graph } from "../api/schema";
import type { Design } from "./design";

/** What a builder begins with: a design, and the revision that it is. */
export interface Loaded {
  Graph?: Graph;
  Revision?: number;
}

/** A release of a template, in a call. */
const one = (id: string, releaseId: string) => ({ path: { id, releaseId } });

/** A release with its graph. It is read anew whenever the builder is opened. */
export const releaseQuery = (template: string, release: string) =>
  queryOptions({
    queryKey: ["template", template, "releases", release],
    queryFn: ({ signal }) =>
      value(client.GET("/v1.0/templates/{id}/releases/{releaseId}", { params: one(template, release), signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

/** Saves a draft, and gives its next revision. */
export async function saveRelease(template: string, release: string, Graph: Design, Revision: number): Promise<number> {
  const params = one(template, release);
  const saved = await value(
    client.PUT("/v1.0/templates/{id}/releases/{releaseId}", { params, body: { Graph, Revision } }),
  );
  return saved.Revision ?? Revision;
}

/** The library of connectors, which steps can use. */
export const libraryQuery = queryOptions({
  queryKey: ["library"],
  queryFn: async ({ signal }) =>
    (await paged(client.GET("/v1.0/connectors", { params: { query: { pageSize: 1000 } }, signal }))).rows,
  staleTime: 60_000,
});

/** The methods of a connector of the library, by its id. */
export const methodsQuery = (connector: number) =>
  queryOptions({
    queryKey: ["library", connector, "methods"],
    queryFn: async ({ signal }) => {
      const params = { path: { connector: String(connector) }, query: { pageSize: 1000 } };
      return (await paged(client.GET("/v1.0/connectors/{connector}/methods", { params, signal }))).rows;
    },
    staleTime: 60_000,
  });
