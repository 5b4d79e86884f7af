import { type ListFilter, listFilter, type Search, text } from "../search";

/** What the library shows: a folder, all of them, or the recycle bin. */
export interface LibraryFilter extends ListFilter {
  folder?: string;
  tag?: string;
  deleted?: boolean;
}

export const libraryFilter = (s: Search): LibraryFilter => ({
  ...listFilter(s),
  folder: text(s.folder),
  tag: text(s.tag),
  deleted: s.deleted === true || s.deleted === "" || undefined,
});
