import type { AccountConnector, Authentication } from "../api/schema";

/** The way to authenticate that an installed connector uses. */
export const wayOf = (c: AccountConnector): Authentication | undefined =>
  c.Connector.Authentication.find((a) => a.Id === c.AuthenticationId) ?? c.Connector.Authentication[0];

const named = [
  "None",
  "ApiKey",
  "Basic",
  "AuthFields",
  "OAuth1",
  "OAuth2",
  "JwtBearer",
  "AwsSignatureV4",
  "MutualTls",
] as const;

/** The name of a kind of authentication in the texts; any other is shown as the connector names it. */
export const kindOf = (authType: string) => named.find((n) => n === authType);
