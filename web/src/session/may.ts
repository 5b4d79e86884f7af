import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "./calls";
import type { Session } from "./door";

/** The parts of the product that a console user may be let into. */
export type Area =
  | "Templates"
  | "Connectors"
  | "CustomConnectors"
  | "Accounts"
  | "Users"
  | "Marketplaces"
  | "Settings"
  | "Security"
  | "Reports"
  | "Billing";

const levels = ["None", "View", "Edit", "Manage"] as const;
export type Level = (typeof levels)[number];

/** Whether somebody may do so much in an area. Reports are for everybody to read. */
export function may(session: Session, area: Area, level: Level = "View"): boolean {
  const held = levels.indexOf((session.Permissions[area] ?? "None") as Level);
  return held >= levels.indexOf(level) || (area === "Reports" && level === "View");
}

/** The same of who is signed in. */
export function useMay(): (area: Area, level?: Level) => boolean {
  const session = useQuery(sessionQuery).data;
  return (area, level) => !!session && may(session, area, level);
}

/** Whether an account's own people look, who know nothing of a console. */
export function useOwn(): boolean {
  return useQuery(sessionQuery).data?.Account !== undefined;
}
