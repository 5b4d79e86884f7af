import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";
import { listed } from "../api/list";
import type { MarketplaceChange, MarketplacePackageChange } from "../api/schema";
import type { ListFilter } from "../search";
import { body, type Deploy } from "./deploy";

const one = (id: number) => ({ path: { id } });

export const marketplacesQuery = (filter: ListFilter, pageSize?: number) =>
  queryOptions({
    queryKey: ["marketplaces", "list", { ...filter, pageSize }],
    queryFn: ({ signal }) =>
      paged(client.GET("/v1.0/marketplaces", { params: { query: listed(filter, pageSize) }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });

export const marketplaceQuery = (id: number) =>
  queryOptions({
    queryKey: ["marketplaces", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/marketplaces/{id}", { params: one(id), signal })),
  });

export const packagesQuery = (id: number, filter: ListFilter) =>
  queryOptions({
    queryKey: ["marketplaces", id, "packages", filter],
    queryFn: ({ signal }) => {
      const { query: _, ...query } = listed(filter);
      return paged(
        client.GET("/v1.0/marketplaces/{id}/packages", { params: { ...one(id), query }, signal }),
        filter.page,
      );
    },
    placeholderData: keepPreviousData,
  });

/** What a package may have: all templates that can be installed, and their names. */
export const templateNamesQuery = queryOptions({
  queryKey: ["templates", "names"],
  queryFn: async ({ signal }) => {
    const params = { query: { includeUnpublished: true, pageSize: 1000 } };
    const all = await value(client.GET("/v1.0/templates", { params, signal }));
    return all.map((t) => ({ value: t.Id, label: t.Name, offered: t.Published && t.ReleaseState === "Live" }));
  },
});

/** Makes a marketplace, or changes the one of an id. */
export const putMarketplace = (id: number | undefined, change: MarketplaceChange) =>
  id === undefined
    ? value(client.POST("/v1.0/marketplaces", { body: change }))
    : value(client.PUT("/v1.0/marketplaces/{id}", { params: one(id), body: change }));

export const deleteMarketplace = (id: number) => value(client.DELETE("/v1.0/marketplaces/{id}", { params: one(id) }));

/** Puts a package into a marketplace, or changes the one of an id. */
export const putPackage = (id: number, packageId: number | undefined, change: MarketplacePackageChange) =>
  packageId === undefined
    ? value(client.POST("/v1.0/marketplaces/{id}/packages", { params: one(id), body: change }))
    : value(
        client.PUT("/v1.0/marketplaces/{id}/packages/{packageId}", {
          params: { path: { id, packageId } },
          body: change,
        }),
      );

export const deletePackage = (id: number, packageId: number) =>
  value(client.DELETE("/v1.0/marketplaces/{id}/packages/{packageId}", { params: { path: { id, packageId } } }));

/** Gets the address of a screen for an account: for one use, within five minutes. */
export async function deploy(d: Deploy): Promise<string> {
  const params = { path: { id: d.account } };
  switch (d.screen) {
    case "launch":
      return (await value(client.POST("/v1.0/accounts/{id}/launch", { params, body: body(d) }))).LaunchUrl;
    case "orbit":
      return (await value(client.POST("/v1.0/accounts/{id}/orbit", { params, body: {} }))).OrbitUrl;
    case "marketplace":
      return (await value(client.POST("/v1.0/accounts/{id}/marketplace", { params, body: body(d) as never })))
        .MarketplaceUrl;
  }
}

/** Has all that shows marketplaces read them anew. */
export function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["marketplaces"] });
}
