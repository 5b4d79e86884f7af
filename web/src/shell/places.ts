import {
  Building2,
  ChartNoAxesColumn,
  Frame,
  Gauge,
  LayoutTemplate,
  type LucideIcon,
  Plug,
  Settings,
} from "lucide-react";
import { type ReportName, reportNames } from "../report/names";
import type { Area } from "../session/may";

/** What pages and groups are called: the console's, and those of an account's own people. */
type Label =
  | "nav.dashboard"
  | "nav.reports"
  | "nav.accounts"
  | "nav.templates"
  | "nav.connectors"
  | "nav.embedding"
  | "nav.settings"
  | `nav.report.${ReportName}`
  | "nav.accountManagement"
  | "nav.templateLibrary"
  | "nav.userManagement"
  | "nav.templateConnectors"
  | "nav.connectorLibrary"
  | "nav.customConnectors"
  | "nav.scriptTesting"
  | "nav.launch"
  | "nav.marketplaces"
  | "nav.general"
  | "nav.appearance"
  | "nav.retention"
  | "nav.notifications"
  | "nav.oauthClients"
  | "nav.consoleUsers"
  | "nav.security"
  | "nav.auditLog"
  | "profile.title"
  | `account.${"cycles" | "templates" | "connectors" | "transactions" | "errors" | "reports" | "users" | "settings"}`;

/** Pages that belong together. */
export interface Group {
  label: Label;
  icon: LucideIcon;
  pages: {
    to: string;
    label: Label;
    /** What one must be able to view. */
    area?: Area;
  }[];
}

/** Reports that not everybody may read. */
const reportAreas: Partial<Record<ReportName, Area>> = { periods: "Billing" };

/** The navigation at the left. It leads only to what is there. */
export const places: Group[] = [
  { label: "nav.dashboard", icon: Gauge, pages: [{ to: "/", label: "nav.dashboard" }] },
  {
    label: "nav.accounts",
    icon: Building2,
    pages: [
      { to: "/accounts", label: "nav.accountManagement", area: "Accounts" },
      { to: "/users", label: "nav.userManagement", area: "Users" },
    ],
  },
  {
    label: "nav.templates",
    icon: LayoutTemplate,
    pages: [
      { to: "/templates", label: "nav.templateLibrary", area: "Templates" },
      { to: "/templates/connectors", label: "nav.templateConnectors", area: "Templates" },
    ],
  },
  {
    label: "nav.connectors",
    icon: Plug,
    pages: [
      { to: "/connectors", label: "nav.connectorLibrary", area: "Connectors" },
      { to: "/connectors/custom", label: "nav.customConnectors", area: "CustomConnectors" },
      { to: "/connectors/scripts", label: "nav.scriptTesting", area: "CustomConnectors" },
    ],
  },
  {
    label: "nav.embedding",
    icon: Frame,
    pages: [
      { to: "/embedding", label: "nav.launch", area: "Accounts" },
      { to: "/marketplaces", label: "nav.marketplaces", area: "Marketplaces" },
    ],
  },
  {
    label: "nav.reports",
    icon: ChartNoAxesColumn,
    pages: reportNames.map((name) => ({
      to: `/reports/${name}`,
      label: `nav.report.${name}` as const,
      area: reportAreas[name] ?? "Reports",
    })),
  },
  {
    label: "nav.settings",
    icon: Settings,
    pages: [
      { to: "/settings/general", label: "nav.general", area: "Settings" },
      { to: "/settings/appearance", label: "nav.appearance", area: "Settings" },
      { to: "/settings/retention", label: "nav.retention", area: "Settings" },
      { to: "/settings/notifications", label: "nav.notifications", area: "Settings" },
      { to: "/settings/clients", label: "nav.oauthClients", area: "Security" },
      { to: "/settings/users", label: "nav.consoleUsers", area: "Security" },
      { to: "/settings/security", label: "nav.security", area: "Security" },
      { to: "/settings/audit", label: "nav.auditLog", area: "Security" },
    ],
  },
];
