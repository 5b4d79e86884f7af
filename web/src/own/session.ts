import { queryOptions } from "@tanstack/react-query";
import { refusal } from "../api/client";
import type { Session } from "../session/door";
import type { Look } from "../shell/look";

interface Place {
  Id: string;
  Name: string;
}

/** Who is signed in to an account, as the server tells. */
export interface Told {
  Session: number;
  Username: string;
  Name: string;
  /** Let in by a program: there is no person to have a profile. */
  ApiUser: boolean;
  Administrator: boolean;
  Account: Place;
  /** Others that one may go to. */
  Accounts: Place[];
  /** What forms carry. */
  Form: string;
  Look: Look;
}

/** The same, as the screens ask of it what one may do. */
export interface OwnSession extends Session {
  Account: Place;
  told: Told;
}

/** What an account's people may do: all that is done in it, and administrators its people. */
export function permissions(administrator: boolean): Record<string, string> {
  const all = { Accounts: "Manage", Connectors: "View", Reports: "View", Billing: "View" };
  return administrator ? { ...all, Users: "Manage" } : all;
}

export function sessionOf(told: Told): OwnSession {
  return {
    Id: told.Session,
    Email: told.Username,
    Name: told.Name,
    Partner: told.Look.ProductName,
    Permissions: permissions(told.Administrator),
    TwoFactor: false,
    Account: told.Account,
    told,
  };
}

/** The number of the session that an address names: "/account/7/cycles". */
export const numberOf = (path: string) => /^\/account\/(\d+)/.exec(path)?.[1] ?? "";

/** Who is signed in by a session; null: it has ended. */
export async function ask(number: string): Promise<OwnSession | null> {
  const answer = await fetch(`/account/session?session=${number}`);
  if (answer.status === 401) return null;
  if (!answer.ok) throw refusal(answer, undefined);
  return sessionOf(await answer.json());
}

/** The session, for those parts that only an account's people see. */
export const ownQuery = queryOptions<OwnSession>({ queryKey: ["session"], staleTime: 60_000 });
