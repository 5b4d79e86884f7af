import { createRoute } from "@tanstack/react-router";
import { listFilter } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { libraryFilter } from "./filter";

const library = createRoute({
  getParentRoute: () => inside,
  path: "/connectors",
  validateSearch: libraryFilter,
  component: page("library", () => import("./LibraryPage"), "LibraryPage"),
});

const release = createRoute({
  getParentRoute: () => inside,
  path: "/connectors/$connector",
  component: page("library", () => import("./ReleasePage"), "ReleasePage"),
});

const templates = createRoute({
  getParentRoute: () => inside,
  path: "/templates/connectors",
  validateSearch: listFilter,
  component: page("library", () => import("./TemplateConnectorsPage"), "TemplateConnectorsPage"),
});

export const libraryRoutes = [library, release, templates] as const;
