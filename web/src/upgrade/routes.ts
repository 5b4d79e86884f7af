import { createRoute } from "@tanstack/react-router";
import { listFilter, type Search, text } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

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

const compare = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/compare",
  validateSearch: (s: Search): Pair => ({ from: text(s.from), to: text(s.to) }),
  component: page("upgrade", () => import("./ComparePage"), "ComparePage"),
});

export const upgradeRoutes = [upgrade, compare] as const;
