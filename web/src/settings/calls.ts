import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, paged, value } from "../api/client";
import { listed } from "../api/list";
import type { Appearance, ConsoleUserChange, Security, SettingsChange, SignOnChange } from "../api/schema";
import type { ListFilter } from "../search";
import { type AuditFilters, auditQueryOf } from "./audit";
import type { NoticeFilters } from "./notices";

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/settings", { signal })),
});
export const changeSettings = (body: SettingsChange) => value(client.PUT("/v1.0/settings", { body }));

export const partnerQuery = queryOptions({
  queryKey: ["partner"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/partner", { signal })),
});
export const renamePartner = (Name: string) => value(client.PUT("/v1.0/partner", { body: { Name } }));

export const embeddingQuery = queryOptions({
  queryKey: ["settings", "embedding"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/settings/embedding", { signal })),
});
export const changeEmbedding = (body: {
  Frames: boolean;
  InlineOAuth: boolean;
  FrameHosts: string[];
  TargetOrigins: string[];
}) => value(client.PUT("/v1.0/settings/embedding", { body }));

export const appearanceQuery = queryOptions({
  queryKey: ["settings", "appearance"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/settings/appearance", { signal })),
});
export const changeAppearance = (body: Appearance) => value(client.PUT("/v1.0/settings/appearance", { body }));

export const receiversQuery = queryOptions({
  queryKey: ["notices", "receivers"],
  queryFn: ({ signal }) =>
    value(client.GET("/v1.0/notices/receivers", { params: { query: { pageSize: 100 } }, signal })),
});
export const noticesQuery = ({ kind, state, account, ...filter }: NoticeFilters) =>
  queryOptions({
    queryKey: ["notices", { kind, state, account, ...filter }],
    queryFn: ({ signal }) => {
      const { query: _, ...page } = listed(filter, 20);
      const params = { query: { ...page, kind, state, account } };
      return paged(client.GET("/v1.0/notices", { params, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });

export const clientsQuery = (filter: ListFilter) =>
  queryOptions({
    queryKey: ["oauthclients", filter],
    queryFn: ({ signal }) => {
      const { query: _, ...page } = listed(filter);
      return paged(client.GET("/v1.0/oauthclients", { params: { query: page }, signal }), filter.page);
    },
    placeholderData: keepPreviousData,
  });
const of = (id: string) => ({ params: { path: { id } } });
export const createClient = (Name: string) => value(client.POST("/v1.0/oauthclients", { body: { Name } }));
export const renameClient = (id: string, Name: string) =>
  value(client.PUT("/v1.0/oauthclients/{id}", { ...of(id), body: { Name } }));
export const rotateClient = (id: string) => value(client.POST("/v1.0/oauthclients/{id}/secret", of(id)));
export const deleteClient = (id: string) => value(client.DELETE("/v1.0/oauthclients/{id}", of(id)));

/** What is known of a client's tokens that work yet. */
export const tokensQuery = (id: string, page: number) =>
  queryOptions({
    queryKey: ["oauthclients", id, "tokens", page],
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { page, pageSize: 10 } };
      return paged(client.GET("/v1.0/oauthclients/{id}/tokens", { params, signal }), page);
    },
    placeholderData: keepPreviousData,
  });
export const revokeToken = (id: string, tokenId: string) =>
  value(client.DELETE("/v1.0/oauthclients/{id}/tokens/{tokenId}", { params: { path: { id, tokenId } } }));

/** A token as a program gets one; of an account alone, if that is given. */
export const getToken = (id: string, secret: string, account: string | null) =>
  value(
    client.POST("/oauth/token", {
      body: {
        grant_type: "client_credentials",
        client_id: id,
        client_secret: secret,
        ...(account && { scope: `account:${account}` }),
      },
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
    }),
  );

export const teamQuery = (filter: ListFilter, pageSize?: number) =>
  queryOptions({
    queryKey: ["consoleusers", filter, pageSize],
    queryFn: ({ signal }) =>
      paged(client.GET("/v1.0/consoleusers", { params: { query: listed(filter, pageSize) }, signal }), filter.page),
    placeholderData: keepPreviousData,
  });
const who = (id: number) => ({ params: { path: { id } } });
export const inviteColleague = (body: ConsoleUserChange & { Email: string }) =>
  value(client.POST("/v1.0/consoleusers", { body }));
export const changeColleague = (id: number, body: ConsoleUserChange) =>
  value(client.PUT("/v1.0/consoleusers/{id}", { ...who(id), body }));
export const removeColleague = (id: number) => value(client.DELETE("/v1.0/consoleusers/{id}", who(id)));
export const reinviteColleague = (id: number) => value(client.POST("/v1.0/consoleusers/{id}/resend", who(id)));
export const resetTwoFactor = (id: number) => value(client.DELETE("/v1.0/consoleusers/{id}/twofactor", who(id)));

export const securityQuery = queryOptions({
  queryKey: ["settings", "security"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/settings/security", { signal })),
});
export const changeSecurity = (body: Security) => value(client.PUT("/v1.0/settings/security", { body }));

export const signOnQuery = queryOptions({
  queryKey: ["settings", "sso"],
  queryFn: ({ signal }) => value(client.GET("/v1.0/settings/sso", { signal })),
});
export const changeSignOn = (body: SignOnChange) => value(client.PUT("/v1.0/settings/sso", { body }));
export const testSignOn = () => value(client.POST("/v1.0/settings/sso/test"));

export const auditQuery = (filter: AuditFilters) =>
  queryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ signal }) => {
      const { query: _, ...page } = listed({ page: filter.page, sort: filter.sort, down: filter.down });
      return paged(
        client.GET("/v1.0/audit", { params: { query: { ...page, ...auditQueryOf(filter) } }, signal }),
        filter.page,
      );
    },
    placeholderData: keepPreviousData,
  });
export const verifyAudit = (id?: number, hash?: string) =>
  value(client.GET("/v1.0/audit/verify", { params: { query: { id, hash } } }));
