import { queryOptions } from "@tanstack/react-query";
import { client, value, within } from "../api/client";
import type { Factor, OwnUserChange, Profile } from "../api/schema";
import type { Session } from "./door";

/** Who is signed in; null: nobody. Whom to ask is said where the program begins. */
export const sessionQuery = queryOptions<Session | null>({ queryKey: ["session"], staleTime: 60_000 });

export const changeProfile = (body: Profile) => value(client.PUT("/v1.0/me", { body }));
export const beginFactor = (body: Factor) => value(client.POST("/v1.0/me/twofactor", { body }));
export const confirmFactor = (body: Factor) => value(client.PUT("/v1.0/me/twofactor", { body }));
export const endFactor = (body: Factor) => value(client.DELETE("/v1.0/me/twofactor", { body }));
export const renewCodes = (body: Factor) => value(client.POST("/v1.0/me/recoverycodes", { body }));

/** Of an account's user, about themselves. */
const self = (account: string) => ({ params: { header: within(account) } });
export const ownUserQuery = (account: string) =>
  queryOptions({
    queryKey: ["own", "user", account],
    queryFn: ({ signal }) => value(client.GET("/v1.0/account/me", { ...self(account), signal })),
  });
export const changeOwnUser = (account: string, body: OwnUserChange) =>
  value(client.PUT("/v1.0/account/me", { ...self(account), body }));
export const requestEmail = (account: string, body: { Email: string; Password: string }) =>
  value(client.PUT("/v1.0/account/email", { ...self(account), body }));

/** The browsers in which people are signed in; one's own alone, or all that one may see. */
export const sessionsQuery = (own: boolean) =>
  queryOptions({
    queryKey: ["sessions", own],
    queryFn: ({ signal }) =>
      value(client.GET("/v1.0/sessions", { params: { query: { own, pageSize: 1000 } }, signal })),
  });
export const endSession = (id: number) => value(client.DELETE("/v1.0/sessions/{id}", { params: { path: { id } } }));
