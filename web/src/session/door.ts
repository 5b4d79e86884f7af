import { ApiError, refusal } from "../api/client";

/** Who is signed in. */
export interface Session {
  Id: number;
  Email: string;
  Name: string;
  Partner: string;
  Permissions: Record<string, string>;
  TwoFactor: boolean;
  /** The account that an account's user is in; none: it is the console. */
  Account?: { Id: string; Name: string };
}

/** How far a sign-in has come: to a session, or to what is left to do. */
export interface Entry extends Partial<Session> {
  Next?: "Choose" | "Code" | "Enrol";
  Token?: string;
  /** Those that one may sign in to, with "Choose". */
  Partners?: { Id: number; Name: string }[];
  RecoveryCodes?: string[];
}

/** A second factor for an app to take up. */
export interface Enrolment {
  Secret: string;
  Url: string;
}

/** A request to the console itself, which keeps people signed in; the rest is the public API's. */
async function door(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/console/${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : undefined,
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw refusal(response, await response.json().catch(() => undefined));
  return response;
}

/** Who is signed in; null: nobody. */
export async function whoAmI(): Promise<Session | null> {
  try {
    return await (await door("GET", "session")).json();
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) return null;
    throw e;
  }
}

export const signOut = () => door("DELETE", "session");

const post = async <T>(path: string, body: unknown): Promise<T> => (await door("POST", path, body)).json();

/** The steps by which somebody comes in. */
export const signIn = (Email: string, Password: string, Partner?: number) =>
  post<Entry>("session", { Email, Password, Partner });
export const confirmCode = (Token: string, Code: string) => post<Entry>("session/code", { Token, Code });
export const enrol = (Token: string) => post<Enrolment>("session/factor", { Token });
export const readInvitation = (Token: string) => post<{ Email: string; Partner: string }>("invitation", { Token });
export const accept = (Token: string, Name: string, Password: string) =>
  post<Entry>("invitation/accept", { Token, Name, Password });
export const forgot = (Email: string) => door("POST", "password/forgot", { Email });
export const reset = (Token: string, Password: string) => door("POST", "password/reset", { Token, Password });
/** Where the partner's own sign-in page is. */
export const signOn = (Email: string, To: string) => post<{ Url: string }>("sso", { Email, To });

/** The token of a link: behind #, so that the server is never sent it by itself. */
export const tokenOf = (hash: string) => hash.replace(/^#/, "");

/** A code as it is sent: people add spaces. */
export const trimCode = (code: string) => code.replace(/\s/g, "");
