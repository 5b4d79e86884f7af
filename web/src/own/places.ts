import {
  ChartNoAxesColumn,
  History,
  LayoutTemplate,
  type LucideIcon,
  Plug,
  Settings,
  TriangleAlert,
  Users,
  Workflow,
} from "lucide-react";

interface Section {
  name: "cycles" | "templates" | "connectors" | "transactions" | "errors" | "reports" | "users" | "settings";
  icon: LucideIcon;
  /** For administrators alone. */
  people?: boolean;
}

/** The sections of an account, as its own people have them. */
export const sections: Section[] = [
  { name: "cycles", icon: Workflow },
  { name: "templates", icon: LayoutTemplate },
  { name: "connectors", icon: Plug },
  { name: "transactions", icon: History },
  { name: "errors", icon: TriangleAlert },
  { name: "reports", icon: ChartNoAxesColumn },
  { name: "users", icon: Users, people: true },
  { name: "settings", icon: Settings, people: true },
];

/** The section that a path within the account is in. */
export const sectionOf = (path: string) => /^\/accounts\/[^/]+\/([^/]+)/.exec(path)?.[1];
