import { createRoute } from "@tanstack/react-router";
import { listFilter } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const users = createRoute({
  getParentRoute: () => inside,
  path: "/users",
  validateSearch: listFilter,
  component: page("people", () => import("./UsersPage"), "UsersPage"),
});

export const peopleRoutes = [users] as const;
