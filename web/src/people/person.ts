import type { User } from "../api/schema";

/** What somebody is called: by name, else by username. */
export function called(u: Pick<User, "FirstName" | "LastName" | "Username">): string {
  return [u.FirstName, u.LastName].filter(Boolean).join(" ") || u.Username;
}

/** Somebody in an account. */
export type Somebody = Pick<
  User,
  "Id" | "Username" | "FirstName" | "LastName" | "Email" | "ApiUser" | "LastSignInDate"
> & { Administrator?: boolean };

/** Which level somebody has in an account; undefined: none. */
export function isAdministrator(u: User, account: string): boolean | undefined {
  return u.Accounts.find((a) => a.AccountId.toLowerCase() === account.toLowerCase())?.Administrator;
}

export interface NewPerson {
  FirstName: string;
  LastName: string;
  Username: string;
  Email: string;
  Password: string;
  Accounts: string[];
}

/** What is sent to make somebody: what was left empty is left out, and the username is the email then. */
export function newUser(p: NewPerson) {
  const given = Object.fromEntries(Object.entries(p).filter(([, v]) => v !== ""));
  return { ...given, Username: p.Username.trim() || p.Email.trim() };
}
