import type { Authentication, AuthField } from "../api/schema";

/** What was entered in the form of a way to authenticate, by the name of the field. */
export type Entered = Record<string, string>;

/** Something that a person is asked for, by its name in the credentials. */
export type Ask = AuthField & { Name: string };

/** Names of fields that no third party has: those of the form for a key, and for a user with a password. */
const key = "Key";
const user = "Username";
const password = "Password";

/**
 * What a person is asked for. Of a key or a user with a password the connector says
 * only that it is one.
 */
export function asked(way: Authentication, words: { key: string; user: string; password: string }): Ask[] {
  switch (way.AuthType) {
    case "ApiKey":
      return [{ Name: key, DisplayName: way.Name || words.key, Sensitive: true }];
    case "Basic":
      return [
        { Name: user, DisplayName: words.user },
        { Name: password, DisplayName: words.password, Sensitive: true, Optional: true },
      ];
    default:
      return named(way);
  }
}

/** The first field that is required and empty. */
export const missing = (fields: Ask[], entered: Entered): Ask | undefined =>
  fields.find((f) => !f.Optional && !entered[f.Name]);

/** The credentials as the API takes them. A client's own are asked for with no more than the wish. */
export function authValue(way: Authentication, entered: Entered): string {
  switch (way.AuthType) {
    case "None":
      return "";
    case "ApiKey":
      return entered[key] ?? "";
    case "Basic":
      return base64(`${entered[user] ?? ""}:${entered[password] ?? ""}`);
  }
  const members = named(way)
    .map((f) => [f.Name, entered[f.Name] ?? ""])
    .filter(([, text]) => text !== "");
  return JSON.stringify(Object.fromEntries(members));
}

const named = (way: Authentication): Ask[] => way.Asks.map((f) => ({ ...f, Name: f.Name ?? "" }));

/** Of a text's UTF-8. */
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
