import type { ConsoleUser, ConsoleUserChange } from "../api/schema";
import type { Area, Level } from "../session/may";

/** The areas, in the order in which they are met in the console. */
export const areas: Area[] = [
  "Accounts",
  "Users",
  "Templates",
  "Connectors",
  "CustomConnectors",
  "Marketplaces",
  "Reports",
  "Billing",
  "Settings",
  "Security",
];
export const levels: Level[] = ["None", "View", "Edit", "Manage"];

export type Rights = Record<Area, Level>;

/** What somebody may do, with each area named. */
export function rightsOf(u?: Pick<ConsoleUser, "FullAccess" | "Permissions">): Rights {
  const held = (u && !u.FullAccess && u.Permissions) || {};
  return Object.fromEntries(areas.map((a) => [a, held[a] ?? "None"])) as Rights;
}

/** What is sent of it: Full Access needs no permissions. */
export function grantOf(FullAccess: boolean, Permissions: Rights): ConsoleUserChange {
  return FullAccess ? { FullAccess } : { FullAccess, Permissions };
}

/** The areas that somebody has been let into. */
export const held = (u: Pick<ConsoleUser, "Permissions">): [Area, Level][] =>
  areas.flatMap((a) => {
    const level = u.Permissions[a];
    return level && level !== "None" ? [[a, level] as [Area, Level]] : [];
  });
