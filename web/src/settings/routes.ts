import { createRoute, redirect } from "@tanstack/react-router";
import { listFilter } from "../search";
import { may } from "../session/may";
import { inside } from "../shell/inside";
import { page } from "../shell/page";
import { auditFilters } from "./audit";
import { noticeFilters } from "./notices";

const home = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  beforeLoad: ({ context }) => {
    const to = may(context.session, "Settings") ? "/settings/general" : "/settings/users";
    throw redirect({ to, replace: true });
  },
});

const general = createRoute({
  getParentRoute: () => inside,
  path: "/settings/general",
  component: page("settings", () => import("./GeneralPage"), "GeneralPage"),
});

const appearance = createRoute({
  getParentRoute: () => inside,
  path: "/settings/appearance",
  component: page("settings", () => import("./AppearancePage"), "AppearancePage"),
});

const retention = createRoute({
  getParentRoute: () => inside,
  path: "/settings/retention",
  component: page("settings", () => import("./RetentionPage"), "RetentionPage"),
});

const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/settings/notifications",
  validateSearch: noticeFilters,
  component: page("settings", () => import("./NotificationsPage"), "NotificationsPage"),
});

const clients = createRoute({
  getParentRoute: () => inside,
  path: "/settings/clients",
  validateSearch: listFilter,
  component: page("settings", () => import("./ClientsPage"), "ClientsPage"),
});

const team = createRoute({
  getParentRoute: () => inside,
  path: "/settings/users",
  validateSearch: listFilter,
  component: page("settings", () => import("./TeamPage"), "TeamPage"),
});

const security = createRoute({
  getParentRoute: () => inside,
  path: "/settings/security",
  component: page("settings", () => import("./SecurityPage"), "SecurityPage"),
});

const audit = createRoute({
  getParentRoute: () => inside,
  path: "/settings/audit",
  validateSearch: auditFilters,
  component: page("settings", () => import("./AuditPage"), "AuditPage"),
});

export const settingsRoutes = [
  home,
  general,
  appearance,
  retention,
  notifications,
  clients,
  team,
  security,
  audit,
] as const;
