import { door } from "../api/client";
import type { Enrolment, Entry } from "../api/schema";

const post = async <T>(path: string, body: unknown): Promise<T> => (await door("POST", path, body)).json();

/** The steps by which somebody comes in. */
export const signIn = (Email: string, Password: string) => post<Entry>("session", { Email, Password });
export const confirmCode = (Token: string, Code: string) => post<Entry>("session/code", { Token, Code });
export const enrol = (Token: string) => post<Enrolment>("session/factor", { Token });
export const readInvitation = (Token: string) => post<{ Email: string; Partner: string }>("invitation", { Token });
export const accept = (Token: string, Name: string, Password: string) =>
  post<Entry>("invitation/accept", { Token, Name, Password });
export const forgot = (Email: string) => door("POST", "password/forgot", { Email });
export const reset = (Token: string, Password: string) => door("POST", "password/reset", { Token, Password });
/** Where the partner's own sign-in page is. */
export const signOn = (Email: string, To: string) => post<{ URL: string }>("sso", { Email, To });

/** The token of a link: behind #, so that the server is never sent it by itself. */
export const tokenOf = (hash: string) => hash.replace(/^#/, "");

/** A code as it is sent: people add spaces. */
export const trimCode = (code: string) => code.replace(/\s/g, "");
