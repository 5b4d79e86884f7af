import { describe, expect, it } from "vitest";
import type { Folder } from "../api/schema";
import { libraryFilter } from "./address";
import { branches } from "./folders";

const folder = (Id: string, ParentFolderId: string | null = null) =>
  ({ Id, Name: Id.toUpperCase(), ParentFolderId }) as Folder;

describe("branches", () => {
  const all = [folder("b10"), folder("b9"), folder("a"), folder("a2", "a"), folder("a1", "a"), folder("x", "a1")];
  const paths = (...args: Parameters<typeof branches>) => branches(...args).map((b) => `${b.depth} ${b.path}`);

  it("puts folders below their parents, each level by name, numbers as people count", () => {
    expect(paths(all)).toEqual(["0 A", "1 A / A1", "2 A / A1 / X", "1 A / A2", "0 B9", "0 B10"]);
  });
  it("leaves out a folder and all that is in it", () => {
    expect(paths(all, "a")).toEqual(["0 B9", "0 B10"]);
    expect(paths(all, "a1")).toEqual(["0 A", "1 A / A2", "0 B9", "0 B10"]);
  });
  it("shows a folder at the top whose parent is not listed", () => {
    expect(paths([folder("c", "gone")])).toEqual(["0 C"]);
  });
});

describe("libraryFilter", () => {
  it("takes the bin with and without a value, and nothing that is not valid", () => {
    expect(libraryFilter({ deleted: "" }).deleted).toBe(true);
    expect(libraryFilter({ deleted: true }).deleted).toBe(true);
    expect(libraryFilter({ deleted: "no", folder: {}, page: -1, query: 7 })).toEqual({ query: "7" });
  });
});
