import { createRoute } from "@tanstack/react-router";
import { pageFilter } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

/** A cycle of an account: what it does, what went wrong, its settings. */
const cycle = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/cycles/$cycle",
  component: page("cycle", () => import("./CyclePage"), "CyclePage"),
});

const overview = createRoute({
  getParentRoute: () => cycle,
  path: "/",
  component: page("cycle", () => import("./Overview"), "Overview"),
});

const incidents = createRoute({
  getParentRoute: () => cycle,
  path: "/incidents",
  validateSearch: pageFilter,
  component: page("cycle", () => import("./IncidentsTab"), "IncidentsTab"),
});

const settings = createRoute({
  getParentRoute: () => cycle,
  path: "/settings",
  component: page("cycle", () => import("./CycleSettings"), "CycleSettings"),
});

export const cycleRoutes = [cycle.addChildren([overview, incidents, settings])] as const;
