import { Building2, LayoutTemplate, type LucideIcon } from "lucide-react";
import type { Area } from "../session/may";

/** Pages that belong together. */
export interface Group {
  label: "nav.accounts" | "nav.templates";
  icon: LucideIcon;
  pages: {
    to: string;
    label: "nav.accountManagement" | "nav.templateLibrary" | "nav.userManagement";
    /** What one must be able to view. */
    area?: Area;
  }[];
}

/** The navigation at the left. It leads only to what is there. */
export const places: Group[] = [
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
    pages: [{ to: "/templates", label: "nav.templateLibrary", area: "Templates" }],
  },
];
