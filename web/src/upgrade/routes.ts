import { createRoute } from "@tanstack/react-router";
import { listFilter, oneOf, type Search, text } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { outcomes, type RolledFilter } from "./calls";

/** Two releases of a template. */
export interface Pair {
  from?: string;
  to?: string;
}

const upgrade = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/upgrade",
  validateSearch: listFilter,
  component: page("upgrade", () => import("./UpgradePage"), "UpgradePage"),
});

const rollout = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/rollouts/$rollout",
  validateSearch: (s: Search): RolledFilter => ({ ...listFilter(s), outcome: oneOf([...outcomes], s.outcome) }),
  component: page("upgrade", () => import("./RolloutPage"), "RolloutPage"),
});

const compare = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/compare",
  validateSearch: (s: Search): Pair => ({ from: text(s.from), to: text(s.to) }),
  component: page(["upgrade", "cycle"], () => import("./ComparePage"), "ComparePage"),
});

export const upgradeRoutes = [upgrade, rollout, compare] as const;
