import { createRoute } from "@tanstack/react-router";
import { accountFilters } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const accounts = createRoute({
  getParentRoute: () => inside,
  path: "/accounts",
  validateSearch: accountFilters,
  component: page(["tenant", "cycle"], () => import("./AccountsPage"), "AccountsPage"),
});

export const accountsRoutes = [accounts] as const;
