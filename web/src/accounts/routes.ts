import { createRoute } from "@tanstack/react-router";
import { textFilter } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const accounts = createRoute({
  getParentRoute: () => inside,
  path: "/accounts",
  validateSearch: textFilter,
  component: page(null, () => import("./AccountsPage"), "AccountsPage"),
});

export const accountsRoutes = [accounts] as const;
