import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { client, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { FolderChange, Release, TemplateChange } from "../api/schema";
import type { ListFilter } from "../search";
import type { LibraryFilter } from "./address";

/** A template, and a release of it, in a call. */
const one = (id: string) => ({ path: { id } });
const release = (id: string, releaseId: string) => ({ path: { id, releaseId } });

export const templatesQuery = (filter: LibraryFilter) =>
  queryOptions({
    queryKey: ["templates", filter],
    queryFn: ({ signal }) => {
      const { folder: folderId, tag, deleted } = filter;
      const where = deleted ? { deleted } : { includeUnpublished: true, includeInstalls: true, folderId };
      const query = { ...listed(filter), ...where, tag, includeIcons: true };
      return paged(client.GET("/v1.0/templates", { params: { query }, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

/** All folders; there are few. */
export const foldersQuery = queryOptions({
  queryKey: ["folders"],
  queryFn: async ({ signal }) =>
    (await paged(client.GET("/v1.0/folders", { params: { query: { pageSize: 1000 } }, signal }))).rows,
});

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ["template", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/templates/{id}", { params: one(id), signal })),
  });

export const releasesQuery = (id: string, filter: ListFilter, pageSize?: number) =>
  queryOptions({
    queryKey: ["template", id, "releases", { ...filter, pageSize }],
    queryFn: ({ signal }) => {
      const { query: _, ...query } = listed(filter, pageSize);
      return paged(client.GET("/v1.0/templates/{id}/releases", { params: { ...one(id), query }, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

/** How many cycles are of a template, and how many of these of an older release than the live one. */
export const installsQuery = (id: string) =>
  queryOptions({
    ...releasesQuery(id, {}, 1000),
    select: ({ rows }) => {
      const count = (of: Release[]) => of.reduce((n, r) => n + (r.InstalledCount ?? 0), 0);
      return { all: count(rows), older: count(rows.filter((r) => r.State !== "Live")) };
    },
  });

export const createTemplate = (body: TemplateChange) => value(client.POST("/v1.0/templates", { body }));

export const changeTemplate = (id: string, body: TemplateChange) =>
  value(client.PUT("/v1.0/templates/{id}", { params: one(id), body }));

export const deleteTemplate = (id: string) => value(client.DELETE("/v1.0/templates/{id}", { params: one(id) }));

export const restoreTemplate = (id: string) => value(client.POST("/v1.0/templates/{id}/restore", { params: one(id) }));

/** The file of a release, byte for byte. */
export const exportRelease = (id: string, releaseId: string) =>
  value(client.GET("/v1.0/templates/{id}/export", { params: { ...one(id), query: { releaseId } }, parseAs: "text" }));

/** Imports a file, which the server reads: it says best what is wrong with it. */
export const importTemplate = (file: string, folderid: string | undefined, draft: boolean) =>
  value(
    client.POST("/v1.0/templates/import", {
      params: { query: { folderid, draft } },
      body: file as never,
      bodySerializer: (text: unknown) => text as string,
    }),
  );

export const installTemplate = (id: string, account: string) =>
  value(client.POST("/v1.0/templates/{id}/install", { params: { ...one(id), header: within(account) } }));

export const createFolder = (body: FolderChange) => value(client.POST("/v1.0/folders", { body }));

export const changeFolder = (id: string, body: FolderChange) =>
  value(client.PUT("/v1.0/folders/{id}", { params: one(id), body }));

/** Deletes a folder; what is in it goes to another, or to the "top". */
export const deleteFolder = (id: string, moveTo: string) =>
  value(client.DELETE("/v1.0/folders/{id}", { params: { ...one(id), query: { moveTo } } }));

/** Begins a draft of a release, or of the live one. */
export const beginDraft = (id: string, FromReleaseId?: string) =>
  value(client.POST("/v1.0/templates/{id}/releases", { params: one(id), body: { FromReleaseId } }));

export const changeNotes = (id: string, releaseId: string, Notes: string) =>
  value(client.PUT("/v1.0/templates/{id}/releases/{releaseId}", { params: release(id, releaseId), body: { Notes } }));

/** Makes a draft live, if it is still at the revision that was looked at. */
export const promote = (id: string, releaseId: string, Notes: string, Revision: number) =>
  value(
    client.POST("/v1.0/templates/{id}/releases/{releaseId}/promote", {
      params: release(id, releaseId),
      body: { Notes, Revision },
    }),
  );

/** Copies a release to a new template, whose draft it gives. */
export const copyRelease = (id: string, releaseId: string, body: { Name: string; FolderId: string | null }) =>
  value(client.POST("/v1.0/templates/{id}/releases/{releaseId}/copy", { params: release(id, releaseId), body }));

export const discardDraft = (id: string, releaseId: string) =>
  value(client.DELETE("/v1.0/templates/{id}/releases/{releaseId}", { params: release(id, releaseId) }));

/** Makes a code by which another partner takes a release; it is shown once. */
export const offerRelease = (id: string, releaseId: string) =>
  value(client.POST("/v1.0/templates/{id}/releases/{releaseId}/offer", { params: release(id, releaseId) }));

/** Makes all codes of a release worthless that were not used. */
export const withdrawOffers = (id: string, releaseId: string) =>
  value(client.DELETE("/v1.0/templates/{id}/releases/{releaseId}/offer", { params: release(id, releaseId) }));

export const acceptOffer = (body: { Code: string; Draft: boolean; FolderId?: string }) =>
  value(client.POST("/v1.0/templates/accept", { body }));

/** Has all that shows the library read it anew. */
export function useChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(["templates", "template", "folders"].map((k) => queries.invalidateQueries({ queryKey: [k] })));
  };
}

/** To be called after a template was installed in an account: it has a cycle more, and maybe connectors. */
export function useInstalled(): (account: string) => Promise<void> {
  const queries = useQueryClient();
  const changed = useChanged();
  return async (account) => {
    await Promise.all([changed(), queries.invalidateQueries({ queryKey: ["account", account] })]);
  };
}
