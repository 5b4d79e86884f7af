import { client, value } from "../api/client";

/** What a receiver is told of. */
export type Kind = "Error" | "Notification";

const at = (id: string) => ({ params: { path: { id } } });

/** Sends a test to an address, which need not be saved: as the partner's receiver is told, or as an account's own. */
export const tryWebhook = (Url: string, Kind: Kind, account?: string) =>
  account
    ? value(client.POST("/v1.0/accounts/{id}/webhooktest", { ...at(account), body: { Url } }))
    : value(client.POST("/v1.0/settings/webhooktest", { body: { Url, Kind } }));

export const newSecret = (account?: string) =>
  account
    ? value(client.POST("/v1.0/accounts/{id}/webhooksecret", at(account)))
    : value(client.POST("/v1.0/settings/webhooksecret"));

export const dropSecret = (account: string) => value(client.DELETE("/v1.0/accounts/{id}/webhooksecret", at(account)));
