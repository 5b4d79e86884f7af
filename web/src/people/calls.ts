import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { useMemo } from "react";
import { client, type Page, paged, value, within } from "../api/client";
import { listed } from "../api/list";
import type { Invitation, NewUser, UserChange } from "../api/schema";
import type { ListFilter } from "../search";
import { useOwn } from "../session/may";
import { isAdministrator, type Somebody } from "./person";

/** Users with their accounts. */
export const usersQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: ["users", filter],
    queryFn: ({ signal }) =>
      paged(client.GET("/v1.0/users", { params: { query: listed(filter) }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });

/** Those who were invited and have not come yet: 100 at most. */
const fewInvitations = { pageSize: 100 };

/** The people of one account, as the calls about them go: by its partner, or by one of themselves. */
export interface People {
  list(filter: ListFilter, signal: AbortSignal): Promise<Page<Somebody>>;
  setLevel(username: string, administrator: boolean): Promise<unknown>;
  remove(username: string): Promise<unknown>;
  invitations(signal: AbortSignal): Promise<Invitation[]>;
  invite(body: { Email: string; Administrator: boolean }): Promise<Invitation>;
  resend(invitation: number): Promise<Invitation>;
  revoke(invitation: number): Promise<unknown>;
}

/** As the account's partner. */
export function partnersPeople(id: string): People {
  const here = { path: { id } };
  const one = (invitationId: number) => ({ params: { path: { id, invitationId } } });
  return {
    list: async (filter, signal) => {
      const params = { query: { ...listed(filter), account: id } };
      const page = await paged(client.GET("/v1.0/users", { params, signal }), filter.page);
      return { ...page, rows: page.rows.map((u) => ({ ...u, Administrator: isAdministrator(u, id) })) };
    },
    setLevel: (username, Administrator) =>
      value(
        client.PUT("/v1.0/accounts/{id}/users/{username}", {
          params: { path: { id, username } },
          body: { Administrator },
        }),
      ),
    remove: (Username) => value(client.DELETE("/v1.0/accounts/{id}/users", { params: here, body: { Username } })),
    invitations: (signal) =>
      value(client.GET("/v1.0/accounts/{id}/invitations", { params: { ...here, query: fewInvitations }, signal })),
    invite: (body) => value(client.POST("/v1.0/accounts/{id}/invitations", { params: here, body })),
    resend: (n) => value(client.POST("/v1.0/accounts/{id}/invitations/{invitationId}/resend", one(n))),
    revoke: (n) => value(client.DELETE("/v1.0/accounts/{id}/invitations/{invitationId}", one(n))),
  };
}

/** As an administrator of the account. */
export function ownPeople(account: string): People {
  const header = within(account);
  return {
    list: (filter, signal) =>
      paged(client.GET("/v1.0/account/users", { params: { header, query: listed(filter) }, signal }), filter.page),
    setLevel: (username, Administrator) =>
      value(
        client.PUT("/v1.0/account/users/{username}", {
          params: { header, path: { username } },
          body: { Administrator },
        }),
      ),
    remove: (username) =>
      value(client.DELETE("/v1.0/account/users/{username}", { params: { header, path: { username } } })),
    invitations: (signal) =>
      value(client.GET("/v1.0/account/invitations", { params: { header, query: fewInvitations }, signal })),
    invite: (body) => value(client.POST("/v1.0/account/invitations", { params: { header }, body })),
    resend: (id) => value(client.POST("/v1.0/account/invitations/{id}/resend", { params: { header, path: { id } } })),
    revoke: (id) => value(client.DELETE("/v1.0/account/invitations/{id}", { params: { header, path: { id } } })),
  };
}

/** The people of an account, by whoever looks. */
export function usePeople(account: string): People {
  const own = useOwn();
  return useMemo(() => (own ? ownPeople(account) : partnersPeople(account)), [own, account]);
}

export const peopleQuery = (of: People, account: string, filter: ListFilter) =>
  queryOptions({
    queryKey: ["users", { ...filter, account }],
    queryFn: ({ signal }) => of.list(filter, signal),
    placeholderData: keepPreviousData,
  });

export const invitationsQuery = (of: People, account: string) =>
  queryOptions({ queryKey: ["users", "invitations", account], queryFn: ({ signal }) => of.invitations(signal) });

export const createUser = (body: NewUser) => value(client.POST("/v1.0/users", { body }));
export const changeUser = (id: number, body: UserChange) =>
  value(client.PUT("/v1.0/users/{id}", { params: { path: { id } }, body }));
export const deleteUser = (id: number) => value(client.DELETE("/v1.0/users/{id}", { params: { path: { id } } }));
export const setPassword = (body: { Username: string; Password: string }) => value(client.PUT("/v1.0/users", { body }));

/** The browsers in which people are signed in to an account; one's own, in whichever account. */
export const accountSessionsQuery = (account: string, own: boolean) =>
  queryOptions({
    queryKey: ["sessions", "account", account, own],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { own, pageSize: 1000 } };
      return value(client.GET("/v1.0/account/sessions", { params, signal }));
    },
  });
export const endAccountSession = (account: string) => (id: number) =>
  value(client.DELETE("/v1.0/account/sessions/{id}", { params: { header: within(account), path: { id } } }));
