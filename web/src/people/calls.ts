import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";
import { listed } from "../api/list";
import type { NewUser, UserChange } from "../api/schema";
import type { ListFilter } from "../search";

/** Users with their accounts; those of one account alone, if that is given. */
export const usersQuery = (filter: ListFilter, account?: string) =>
  queryOptions({
    queryKey: ["users", { ...filter, account }],
    queryFn: ({ signal }) =>
      paged(client.GET("/v1.0/users", { params: { query: { ...listed(filter), account } }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });

/** Those who were invited to an account and have not come yet: 100 at most. */
export const invitationsQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "invitations", id],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { pageSize: 100 } };
      return value(client.GET("/v1.0/accounts/{id}/invitations", { params, signal }));
    },
  });

const one = (id: string, invitationId: number) => ({ params: { path: { id, invitationId } } });

export const invite = (id: string, body: { Email: string; Administrator: boolean }) =>
  value(client.POST("/v1.0/accounts/{id}/invitations", { params: { path: { id } }, body }));
export const resend = (id: string, invitation: number) =>
  value(client.POST("/v1.0/accounts/{id}/invitations/{invitationId}/resend", one(id, invitation)));
export const revoke = (id: string, invitation: number) =>
  value(client.DELETE("/v1.0/accounts/{id}/invitations/{invitationId}", one(id, invitation)));

export const setLevel = (id: string, username: string, Administrator: boolean) =>
  value(
    client.PUT("/v1.0/accounts/{id}/users/{username}", { params: { path: { id, username } }, body: { Administrator } }),
  );
export const removeAccess = (id: string, Username: string) =>
  value(client.DELETE("/v1.0/accounts/{id}/users", { params: { path: { id } }, body: { Username } }));

export const createUser = (body: NewUser) => value(client.POST("/v1.0/users", { body }));
export const changeUser = (id: number, body: UserChange) =>
  value(client.PUT("/v1.0/users/{id}", { params: { path: { id } }, body }));
export const deleteUser = (id: number) => value(client.DELETE("/v1.0/users/{id}", { params: { path: { id } } }));
export const setPassword = (body: { Username: string; Password: string }) => value(client.PUT("/v1.0/users", { body }));
