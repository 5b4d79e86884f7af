import { createRoute } from "@tanstack/react-router";
import { listFilter, oneOf, type Search, text } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { type Section, sections } from "./sections";

/** What of a connector is shown, and which of its methods. */
export interface Part {
  section?: Section;
  method?: string;
}

const part = (s: Search): Part => ({ section: oneOf([...sections], s.section), method: text(s.method) });

const customs = createRoute({
  getParentRoute: () => inside,
  path: "/connectors/custom",
  validateSearch: listFilter,
  component: page("workshop", () => import("./CustomPage"), "CustomPage"),
});

const custom = createRoute({
  getParentRoute: () => inside,
  path: "/connectors/custom/$connector",
  validateSearch: part,
  component: page("workshop", () => import("./ConnectorPage"), "ConnectorPage"),
});

const scripts = createRoute({
  getParentRoute: () => inside,
  path: "/connectors/scripts",
  component: page("workshop", () => import("./ScriptPage"), "ScriptPage"),
});

export const workshopRoutes = [customs, custom, scripts] as const;
