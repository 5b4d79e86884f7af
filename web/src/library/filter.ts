import type { LibraryConnector, Method } from "../api/schema";
import { type ListFilter, listFilter, type Search, text } from "../search";

/** What the library shows: a category, or all of it. */
export interface LibraryFilter extends ListFilter {
  category?: string;
}

export const libraryFilter = (s: Search): LibraryFilter => ({ ...listFilter(s), category: text(s.category) });

type Known = Pick<LibraryConnector, "Name" | "Description" | "Categories">;

/** Whether a connector has a text in its name or description, and is of a category. */
export function matches(c: Known, query: string, category?: string): boolean {
  const there = `${c.Name}\n${c.Description}`.toLowerCase().includes(query.trim().toLowerCase());
  return there && (!category || c.Categories.includes(category));
}

/** The categories that there are, by name. */
export const categoriesOf = (all: Pick<LibraryConnector, "Categories">[]): string[] =>
  [...new Set(all.flatMap((c) => c.Categories))].sort((a, b) => a.localeCompare(b));

/** Methods that have a text in what is said of them, by their category, in the connector's order. */
export function grouped(methods: Method[], query: string): [category: string, methods: Method[]][] {
  const wanted = query.trim().toLowerCase();
  const groups = new Map<string, Method[]>();
  for (const m of methods) {
    if (!`${m.Name}\n${m.Description}\n${m.Category}`.toLowerCase().includes(wanted)) continue;
    const category = [m.Category, m.Subcategory].filter(Boolean).join(" · ");
    groups.set(category, [...(groups.get(category) ?? []), m]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}
