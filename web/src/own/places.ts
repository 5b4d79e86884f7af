import {
  ChartNoAxesColumn,
  CircleUser,
  History,
  LayoutTemplate,
  type LucideIcon,
  Plug,
  Settings,
  TriangleAlert,
  Users,
  Workflow,
} from "lucide-react";
import type { Group } from "../shell/places";

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

/** Where people change what is their own. The types know the console's routes alone, of which it is none. */
export const profilePath = "/accounts/$account/profile" as "/accounts/$account/settings";

/** The pages that there are for whoever looks, to be found by name. */
export const placesOf = (account: string, apiUser: boolean): Group[] => {
  const to = (name: string) => `/accounts/${encodeURIComponent(account)}/${name}`;
  const all = sections.map(
    (s): Group => ({
      label: `account.${s.name}`,
      icon: s.icon,
      pages: [{ to: to(s.name), label: `account.${s.name}`, area: s.people ? "Users" : undefined }],
    }),
  );
  const profile: Group = {
    label: "profile.title",
    icon: CircleUser,
    pages: [{ to: to("profile"), label: "profile.title" }],
  };
  return apiUser ? all : [...all, profile];
};
