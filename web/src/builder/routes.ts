import { createRoute } from "@tanstack/react-router";
import { type Search, text } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const release = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/releases/$release",
  component: page(["builder", "cycle"], () => import("./BuilderPage"), "BuilderPage"),
});

const cycle = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/cycles/$cycle/design",
  validateSearch: (s: Search): { step?: string } => ({ step: text(s.step) }),
  component: page(["builder", "cycle"], () => import("./CycleDesignPage"), "CycleDesignPage"),
});

/** Of the cycles in accounts alone. */
export const designRoutes = [cycle] as const;

export const builderRoutes = [release, ...designRoutes] as const;
