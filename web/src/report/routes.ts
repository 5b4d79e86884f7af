import { createRoute, redirect } from "@tanstack/react-router";
import { auditFilters } from "../settings/audit";
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

/** The audit log is among the settings; who kept its address here comes to it. */
const audit = createRoute({
  getParentRoute: () => inside,
  path: "/reports/audit",
  validateSearch: auditFilters,
  beforeLoad: ({ search }) => {
    throw redirect({ to: "/settings/audit", search, replace: true });
  },
});

const report = createRoute({
  getParentRoute: () => inside,
  path: "/reports/$report",
  validateSearch: reportFilter,
  component: page("report", () => import("./ReportPage"), "ReportPage"),
});

export const reportRoutes = [home, audit, report] as const;
