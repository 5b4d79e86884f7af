import { createRoute, redirect } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { reportFilter } from "./address";

const home = createRoute({
  getParentRoute: () => inside,
  path: "/reports",
  beforeLoad: () => {
    throw redirect({ to: "/reports/$report", params: { report: "accounts" }, replace: true });
  },
});

const report = createRoute({
  getParentRoute: () => inside,
  path: "/reports/$report",
  validateSearch: reportFilter,
  component: page("report", () => import("./ReportPage"), "ReportPage"),
});

export const reportRoutes = [home, report] as const;
