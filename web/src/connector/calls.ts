import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { client, value, within } from "../api/client";
import type { AccountConnectorChange, CustomFieldChange, Install, MethodInput } from "../api/schema";

/** One connector of an account, in a call. */
const one = (account: string, id: number) => ({ header: within(account), path: { id } });

export const connectorsQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "connectors"],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { pageSize: 1000 } };
      return value(client.GET("/v1.0/account/connectors", { params, signal }));
    },
  });

export const connectorQuery = (account: string, id: number) =>
  queryOptions({
    queryKey: ["account", account, "connectors", id],
    queryFn: ({ signal }) => value(client.GET("/v1.0/account/connectors/{id}", { params: one(account, id), signal })),
  });

/** The methods of a connector of an account, with those of its custom objects. */
export const methodsQuery = (account: string, id: number) =>
  queryOptions({
    queryKey: ["account", account, "connectors", id, "methods"],
    queryFn: ({ signal }) =>
      value(client.GET("/v1.0/account/connectors/{id}/methods", { params: one(account, id), signal })),
    staleTime: 60_000,
  });

/** What an application lists to choose from, given what was chosen before; whoever wants it anew asks again. */
export const lookupQuery = (account: string, id: number, triggerId: number, Parameters: Record<string, string>) =>
  queryOptions({
    queryKey: ["account", account, "connectors", id, "lookups", triggerId, Parameters],
    queryFn: ({ signal }) => {
      const params = { header: within(account), path: { id, triggerId } };
      const body = { Parameters };
      return value(client.POST("/v1.0/account/connectors/{id}/triggers/{triggerId}", { params, body, signal }));
    },
    staleTime: 300_000,
    retry: false,
    refetchOnWindowFocus: false,
    meta: { live: false },
  });

/** The kinds of custom objects that it has methods for. The third party is asked what there is. */
export const categoriesQuery = (account: string, id: number) =>
  queryOptions({
    queryKey: ["account", account, "connectors", id, "categories"],
    queryFn: ({ signal }) =>
      value(client.GET("/v1.0/account/connectors/{id}/categories", { params: one(account, id), signal })),
    staleTime: 60_000,
  });

/** A cycle of the account that uses a connector, and the steps that do. */
export interface Use {
  id: string;
  name: string;
  status: string;
  steps: { id: string; name: string }[];
}

export const usesQuery = (account: string, id: number) =>
  queryOptions({
    queryKey: ["account", account, "connectors", id, "uses"],
    queryFn: async ({ signal }) => {
      const header = within(account);
      const cycles = await value(client.GET("/v1.0/cycles", { params: { header, query: { pageSize: 1000 } }, signal }));
      const using = cycles.filter((c) => c.Connectors.some((used) => used.AccountConnectorId === id));
      return Promise.all(
        using.map(async (c): Promise<Use> => {
          const params = { header, path: { id: c.Id } };
          const steps = await value(client.GET("/v1.0/cycles/{id}/steps", { params, signal }));
          const own = steps.filter((s) => s.AccountConnector?.Id === id).map((s) => ({ id: s.Id, name: s.Name }));
          return { id: c.Id, name: c.Name, status: c.Status, steps: own };
        }),
      );
    },
  });

export const installConnector = (account: string, connector: number, body: Install) =>
  value(
    client.POST("/v1.0/connectors/{connector}/install", {
      params: { header: within(account), path: { connector: String(connector) } },
      body,
    }),
  );

export const changeConnector = (account: string, id: number, body: AccountConnectorChange) =>
  value(client.PUT("/v1.0/account/connectors/{id}", { params: one(account, id), body }));

export const testConnector = (account: string, id: number) =>
  value(client.POST("/v1.0/account/connectors/{id}/test", { params: one(account, id) }));

/** Calls a method for real. What it answers is no error: it is the result. */
export const tryMethod = (account: string, id: number, method: string, body: MethodInput) =>
  value(
    client.POST("/v1.0/account/connectors/{id}/test/{method}", {
      params: { header: within(account), path: { id, method } },
      body,
    }),
  );

export const forgetCredentials = (account: string, id: number) =>
  value(client.PUT("/v1.0/account/connectors/{id}/deauthenticate", { params: one(account, id) }));

export const removeConnector = (account: string, id: number) =>
  value(client.DELETE("/v1.0/account/connectors/{id}", { params: one(account, id) }));

/** The address at which somebody signs in to the third party, in a window that this page opens. */
export const beginSignIn = (account: string, id: number) =>
  value(client.POST("/v1.0/account/connectors/{id}/oauth", { params: one(account, id), body: { Popup: true } }));

export const makeSetupLink = (account: string, id: number, ExpiresInMinutes: number) =>
  value(
    client.POST("/v1.0/account/connectors/{id}/setuptoken", { params: one(account, id), body: { ExpiresInMinutes } }),
  );

export const addField = (account: string, id: number, body: CustomFieldChange) =>
  value(client.POST("/v1.0/account/connectors/{id}/fields", { params: one(account, id), body }));

export const changeField = (account: string, id: number, fieldId: number, body: CustomFieldChange) =>
  value(
    client.PUT("/v1.0/account/connectors/{id}/fields/{fieldId}", {
      params: { header: within(account), path: { id, fieldId } },
      body,
    }),
  );

export const removeField = (account: string, id: number, fieldId: number) =>
  value(
    client.DELETE("/v1.0/account/connectors/{id}/fields/{fieldId}", {
      params: { header: within(account), path: { id, fieldId } },
    }),
  );

/** Of what method, and which of its sides, custom fields are looked for. */
export interface FieldTarget {
  Method: string;
  ForRequestFormat: boolean;
}

export const discoverFields = (account: string, id: number, body: FieldTarget) =>
  value(client.POST("/v1.0/account/connectors/{id}/fields/discover", { params: one(account, id), body }));

export const sampleFields = (account: string, id: number, body: FieldTarget & { Sample: string }) =>
  value(client.POST("/v1.0/account/connectors/{id}/fields/sample", { params: one(account, id), body }));

export const copyCategory = (account: string, id: number, Category: string, ObjectName: string, DisplayName: string) =>
  value(
    client.POST("/v1.0/account/connectors/{id}/categories", {
      params: one(account, id),
      body: { Category, ObjectName, DisplayName },
    }),
  );

export const removeCategory = (account: string, id: number, categoryId: number) =>
  value(
    client.DELETE("/v1.0/account/connectors/{id}/categories/{categoryId}", {
      params: { header: within(account), path: { id, categoryId } },
    }),
  );

/** Has all that shows connectors of an account read them anew. */
export function useConnectorsChanged(account: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: connectorsQuery(account).queryKey });
    void queries.invalidateQueries({ queryKey: ["account", account, "cycles"] });
  };
}
