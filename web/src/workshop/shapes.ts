import type { RoomTexts } from "../locale/rooms";
import type { Row } from "./definition";

type PartName = keyof RoomTexts["workshop"]["part"];
type HintName = keyof RoomTexts["workshop"]["hint"];

/** One entry of a form: a property of a part, by its path. */
export interface Shape {
  name: string;
  label: PartName;
  kind: "text" | "area" | "select" | "switch" | "number" | "json" | "choices" | "pairs" | "words";
  hint?: HintName;
  options?: readonly string[];
  /** Whether the row has any use for it. */
  when?(row: Row): boolean;
}

const is =
  (name: string, ...values: string[]) =>
  (row: Row) =>
    values.includes(String(row[name] ?? ""));

const dataTypes = ["Text", "Integer", "Float", "Decimal", "Boolean", "DateTime", "File", "Undefined"];
const bodies = ["Json", "Xml", "Form", "File", "PlainText", "SimpleFile", "MultipartRelated", "Unknown"];
const oauth = is("AuthType", "OAuth1", "OAuth2");
const placed = is("AuthType", "ApiKey", "OAuth2", "JwtBearer");
const jwt = is("AuthType", "JwtBearer");
const aws = is("AuthType", "AwsSignatureV4");

export const authentication: Shape[] = [
  {
    name: "AuthType",
    label: "AuthType",
    kind: "select",
    options: ["None", "ApiKey", "Basic", "AuthFields", "OAuth1", "OAuth2", "JwtBearer", "AwsSignatureV4", "MutualTls"],
  },
  { name: "Name", label: "Name", kind: "text", hint: "authName" },
  { name: "AuthScheme", label: "AuthScheme", kind: "text", hint: "authScheme", when: placed },
  {
    name: "TargetType",
    label: "TargetType",
    kind: "select",
    options: ["HttpHeader", "QueryString", "RequestField", "MergeField"],
    when: placed,
  },
  { name: "TargetName", label: "TargetName", kind: "text", hint: "authTarget", when: placed },
  {
    name: "OAuth2Type",
    label: "OAuth2Type",
    kind: "select",
    options: ["AuthorisationCode", "ClientCredentials", "PasswordCredentials"],
    when: is("AuthType", "OAuth2"),
  },
  { name: "RequestTokenUrl", label: "RequestTokenUrl", kind: "text", when: is("AuthType", "OAuth1") },
  { name: "AuthoriseUrl", label: "AuthoriseUrl", kind: "text", when: oauth },
  {
    name: "AccessTokenUrl",
    label: "AccessTokenUrl",
    kind: "text",
    when: is("AuthType", "OAuth1", "OAuth2", "JwtBearer"),
  },
  { name: "RefreshTokenUrl", label: "RefreshTokenUrl", kind: "text", when: is("AuthType", "OAuth2") },
  { name: "Scopes", label: "Scopes", kind: "text", when: is("AuthType", "OAuth2") },
  { name: "Pkce", label: "Pkce", kind: "switch", when: is("AuthType", "OAuth2") },
  {
    name: "ClientAuthentication",
    label: "ClientAuthentication",
    kind: "select",
    options: ["Body", "Header"],
    when: is("AuthType", "OAuth2"),
  },
  {
    name: "TokenParameters",
    label: "TokenParameters",
    kind: "pairs",
    hint: "pairs",
    when: is("AuthType", "OAuth2", "JwtBearer"),
  },
  {
    name: "SignatureMethod",
    label: "SignatureMethod",
    kind: "select",
    options: ["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1"],
    when: is("AuthType", "OAuth1"),
  },
  { name: "Realm", label: "Realm", kind: "text", when: is("AuthType", "OAuth1") },
  {
    name: "Algorithm",
    label: "Algorithm",
    kind: "select",
    options: ["RS256", "RS384", "RS512", "ES256", "HS256", "HS512"],
    when: jwt,
  },
  { name: "Claims", label: "Claims", kind: "pairs", hint: "pairs", when: jwt },
  { name: "Lifetime", label: "Lifetime", kind: "number", when: jwt },
  { name: "Region", label: "Region", kind: "text", when: aws },
  { name: "Service", label: "Service", kind: "text", when: aws },
  {
    name: "Fields",
    label: "AuthFields",
    kind: "json",
    hint: "authFields",
    when: is("AuthType", "AuthFields", "JwtBearer", "AwsSignatureV4", "MutualTls"),
  },
];

const parameter = (targets: string[]): Shape[] => [
  { name: "Name", label: "Name", kind: "text" },
  { name: "DisplayName", label: "DisplayName", kind: "text" },
  { name: "Description", label: "Description", kind: "area" },
  { name: "TargetType", label: "TargetType", kind: "select", options: targets, hint: "targetType" },
  { name: "TargetName", label: "TargetName", kind: "text", hint: "targetName" },
  { name: "DataType", label: "DataType", kind: "select", options: dataTypes },
  { name: "Trigger", label: "Trigger", kind: "text", hint: "trigger" },
  { name: "Value", label: "Value", kind: "text", hint: "value" },
  { name: "Default", label: "Default", kind: "text", hint: "default" },
  { name: "Values", label: "Values", kind: "choices", hint: "choices" },
  { name: "Optional", label: "Optional", kind: "switch" },
  { name: "Hidden", label: "Hidden", kind: "switch" },
];
const targets = ["QueryString", "HttpHeader", "MergeField", "FilterField", "ResponseField", "Script", "Index"];

export const methodParameter = parameter(targets);

export const connectorParameter: Shape[] = [
  ...parameter(targets),
  { name: "AccountConnectorProperty", label: "AccountConnectorProperty", kind: "switch" },
  { name: "PartnerConnectorProperty", label: "PartnerConnectorProperty", kind: "switch" },
  { name: "Sensitive", label: "Sensitive", kind: "switch" },
  { name: "Multiline", label: "Multiline", kind: "switch" },
];

export const field: Shape[] = [
  { name: "ConnectorField", label: "ConnectorField", kind: "text", hint: "location" },
  { name: "DisplayName", label: "DisplayName", kind: "text" },
  { name: "Description", label: "Description", kind: "area" },
  { name: "DataType", label: "DataType", kind: "select", options: dataTypes },
  { name: "DataTypeFormat", label: "DataTypeFormat", kind: "text" },
  {
    name: "SystemField",
    label: "SystemField",
    kind: "select",
    options: ["Cyclr_Webhook_Id", "Cyclr_Webhook_Secret"],
  },
  { name: "Default", label: "Default", kind: "text", hint: "default" },
  { name: "Values", label: "Values", kind: "choices", hint: "choices" },
  { name: "Optional", label: "Optional", kind: "switch" },
  { name: "ReadOnly", label: "ReadOnly", kind: "switch" },
  { name: "Hidden", label: "Hidden", kind: "switch" },
];

export const trigger: Shape[] = [
  { name: "Name", label: "Name", kind: "text" },
  { name: "Method", label: "Method", kind: "text", hint: "methodName" },
  { name: "IdentifierKey", label: "IdentifierKey", kind: "text", hint: "location" },
  { name: "HumanReadableKey", label: "HumanReadableKey", kind: "text", hint: "location" },
  { name: "SubTriggers", label: "SubTriggers", kind: "words", hint: "words" },
];

export const category: Shape[] = [
  { name: "Name", label: "Name", kind: "text" },
  { name: "Description", label: "Description", kind: "area" },
  { name: "ObjectTrigger", label: "ObjectTrigger", kind: "text", hint: "objectTrigger" },
];

export const rateLimit: Shape[] = [
  { name: "Requests", label: "Requests", kind: "number" },
  { name: "Seconds", label: "Seconds", kind: "number" },
];

export const settings: Shape[] = [
  { name: "Name", label: "Name", kind: "text" },
  { name: "Version", label: "Version", kind: "text", hint: "version" },
  { name: "UniqueIdentifier", label: "UniqueIdentifier", kind: "text", hint: "guid" },
  { name: "Description", label: "Description", kind: "area" },
  { name: "Categories", label: "Categories", kind: "words", hint: "words" },
  { name: "Icon", label: "Icon", kind: "text", hint: "icon" },
  { name: "PostInstallTestMethod", label: "PostInstallTestMethod", kind: "text", hint: "methodName" },
  { name: "PostInstallLookup", label: "PostInstallLookup", kind: "json", hint: "lookup" },
];

export const paging: Shape[] = [
  { name: "Paging.Items", label: "Items", kind: "text", hint: "pageItems" },
  { name: "Paging.PageSize", label: "PageSize", kind: "number" },
  { name: "Paging.MaxPages", label: "MaxPages", kind: "number" },
];

const calls = (row: Row) => row.MethodType !== "Webhook";
const hooks = (row: Row) => row.MethodType === "Webhook";
const sends = is("MethodType", "Action", "");

export const method = {
  about: [
    { name: "Name", label: "Name", kind: "text" },
    { name: "Description", label: "Description", kind: "area" },
    { name: "Category", label: "Category", kind: "text" },
    { name: "Subcategory", label: "Subcategory", kind: "text" },
    { name: "MethodType", label: "MethodType", kind: "select", options: ["Action", "Webhook", "Script"] },
    { name: "MethodUniqueIdentifier", label: "MethodUniqueIdentifier", kind: "text", hint: "methodGuid" },
    { name: "Warning", label: "Warning", kind: "text", hint: "warning" },
    { name: "Hide", label: "Hide", kind: "switch", hint: "hide" },
  ],
  request: [
    {
      name: "HttpMethod",
      label: "HttpMethod",
      kind: "select",
      options: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"],
      when: sends,
    },
    { name: "EndPoint", label: "EndPoint", kind: "text", hint: "endpoint", when: sends },
    { name: "RequestDataType", label: "RequestDataType", kind: "select", options: bodies, when: sends },
    { name: "RequestXmlRoot", label: "RequestXmlRoot", kind: "text", when: is("RequestDataType", "Xml") },
    {
      name: "SoapVersion",
      label: "SoapVersion",
      kind: "select",
      options: ["1.1", "1.2"],
      when: is("RequestDataType", "Xml"),
    },
    { name: "SoapAction", label: "SoapAction", kind: "text", when: is("RequestDataType", "Xml") },
    { name: "CreateWebhookMethod", label: "CreateWebhookMethod", kind: "text", hint: "methodName", when: hooks },
    { name: "DeleteWebhookMethod", label: "DeleteWebhookMethod", kind: "text", hint: "methodName", when: hooks },
    { name: "Reception", label: "Reception", kind: "json", hint: "reception", when: hooks },
  ],
  response: [{ name: "ResponseDataType", label: "ResponseDataType", kind: "select", options: bodies }],
  paging: [
    ...paging,
    { name: "PagingOut.Items", label: "OutItems", kind: "text", hint: "outItems" },
    { name: "PagingOut.PageSize", label: "OutSize", kind: "number" },
    { name: "RateLimit.Requests", label: "Requests", kind: "number", hint: "methodLimit" },
    { name: "RateLimit.Seconds", label: "Seconds", kind: "number" },
  ],
  custom: [
    { name: "RequestFieldSource", label: "RequestFieldSource", kind: "json", hint: "fieldSource", when: calls },
    { name: "ResponseFieldSource", label: "ResponseFieldSource", kind: "json", hint: "fieldSource" },
  ],
} as const satisfies Record<string, readonly Shape[]>;
