import { queryOptions } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import type { Graph, StepTrial } from "../api/schema";
import { type Design, graphOf } from "./design";

/** What a builder begins with: a design, and the revision that it is. */
export interface Loaded {
  Graph?: Graph | null;
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
    meta: { live: false },
  });

/** Saves a draft, and gives its next revision. */
export async function saveRelease(template: string, release: string, Graph: Design, Revision: number): Promise<number> {
  const params = one(template, release);
  const saved = await value(
    client.PUT("/v1.0/templates/{id}/releases/{releaseId}", { params, body: { Graph: graphOf(Graph), Revision } }),
  );
  return saved.Revision ?? Revision;
}

/** What a release still needs. */
export const missingInRelease = (template: string, release: string) =>
  queryOptions({
    queryKey: ["template", template, "releases", release, "prerequisites"],
    queryFn: ({ signal }) => {
      const params = one(template, release);
      return value(client.GET("/v1.0/templates/{id}/releases/{releaseId}/prerequisites", { params, signal }));
    },
  });

/** Puts a release into the test cycle that an account has of its template, and gives that. */
export function tryRelease(account: string, template: string, release: string) {
  const params = { header: within(account), ...one(template, release) };
  return value(client.POST("/v1.0/templates/{id}/releases/{releaseId}/try", { params }));
}

/** A cycle of an account, in a call. */
const cycleOf = (account: string, id: string) => ({ header: within(account), path: { id } });

/** The design of a cycle. It is read anew whenever the builder is opened. */
export const designQuery = (account: string, cycle: string) =>
  queryOptions({
    queryKey: ["account", account, "cycles", cycle, "design"],
    queryFn: ({ signal }) => value(client.GET("/v1.0/cycles/{id}/design", { params: cycleOf(account, cycle), signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    meta: { live: false },
  });

/** Saves the design of a cycle, and gives it as it is then. */
export function saveDesign(account: string, cycle: string, d: Design, Revision: number) {
  const AccountConnectors = d.Connectors.flatMap(({ Ref = "" }) => {
    const AccountConnectorId = d.Picked?.[Ref];
    return AccountConnectorId ? [{ Ref, AccountConnectorId }] : [];
  });
  const body = { Graph: graphOf(d), Revision, AccountConnectors };
  return value(client.PUT("/v1.0/cycles/{id}/design", { params: cycleOf(account, cycle), body }));
}

/** Calls a step's method once, with values in place of its mappings. */
export const testStep = (account: string, id: number, body: StepTrial) =>
  value(
    client.POST("/v1.0/account/connectors/{id}/teststep", { params: { header: within(account), path: { id } }, body }),
  );

/** The methods of an account connector, with those of categories that were copied for it. */
export const installedMethodsQuery = (account: string, connector: number) =>
  queryOptions({
    queryKey: ["account", account, "connectors", connector, "methods"],
    queryFn: async ({ signal }) => {
      const params = { header: within(account), path: { id: connector }, query: { pageSize: 1000 } };
      return (await paged(client.GET("/v1.0/account/connectors/{id}/methods", { params, signal }))).rows;
    },
    staleTime: 60_000,
  });

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
