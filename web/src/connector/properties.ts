import type { Property } from "../api/schema";

/** The form of properties, by the number of each: names may have any characters. */
export type PropertyForm = Record<string, string>;

export const valuesOf = (all: Pick<Property, "Id" | "Value">[]): PropertyForm =>
  Object.fromEntries(all.map((p) => [`p${p.Id}`, p.Value]));

/** The connector's own first; those of every connector with OAuth follow, the id before the secret. */
export const arranged = <T extends Pick<Property, "Name">>(all: T[]): T[] =>
  [...all].sort((a, b) => clients.indexOf(a.Name) - clients.indexOf(b.Name));

const clients = ["ClientId", "ClientSecret"];

/** Those that were changed, by name, as the API takes them; the others stay. */
export const changedOf = (all: Pick<Property, "Id" | "Name" | "Value">[], form: PropertyForm) =>
  all
    .map((p) => ({ Name: p.Name, Value: form[`p${p.Id}`] ?? "", was: p.Value }))
    .filter((p) => p.Value !== p.was)
    .map(({ Name, Value }) => ({ Name, Value }));
