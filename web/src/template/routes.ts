import { createRoute } from "@tanstack/react-router";
import { listFilter } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { libraryFilter } from "./address";

const library = createRoute({
  getParentRoute: () => inside,
  path: "/templates",
  validateSearch: libraryFilter,
  component: page("template", () => import("./LibraryPage"), "LibraryPage"),
});

const template = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template",
  validateSearch: listFilter,
  component: page("template", () => import("./TemplatePage"), "TemplatePage"),
});

export const templateRoutes = [library, template] as const;
