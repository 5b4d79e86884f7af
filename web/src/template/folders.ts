import type { Folder } from "../api/schema";

/** A folder in its tree. */
export interface Branch {
  folder: Folder;
  depth: number;
  /** Its name after those of all above it. */
  path: string;
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Folders as rows of a tree, each level by name. What is in `without`, or below it, is left out. */
export function branches(folders: Folder[], without?: string): Branch[] {
  const known = new Set(folders.map((f) => f.Id));
  const above = (f: Folder) => (known.has(f.ParentFolderId ?? "") ? f.ParentFolderId : null);
  const below = (parent: string | null, depth: number, way: string[]): Branch[] =>
    folders
      .filter((f) => above(f) === parent && f.Id !== without)
      .sort((a, b) => byName.compare(a.Name, b.Name))
      .flatMap((folder) => {
        const names = [...way, folder.Name];
        return [{ folder, depth, path: names.join(" / ") }, ...below(folder.Id, depth + 1, names)];
      });
  return below(null, 0, []);
}
