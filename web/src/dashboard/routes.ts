import { createRoute } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: "/",
  component: page("dashboard", () => import("./DashboardPage"), "DashboardPage"),
});

export const dashboardRoutes = [dashboard] as const;
