/** The events that scripts handle, in the order of a call. */
export const events = [
  "before_action",
  "after_action",
  "after_action_paging",
  "after_error",
  "action_condition",
  "before_webhook",
  "after_webhook",
  "before_oauth2_authorise",
  "before_oauth2_token",
  "after_oauth2_token",
  "before_oauth2_refresh",
  "after_oauth2_refresh",
] as const;

export type EventName = (typeof events)[number];

const response = { contacts: [{ id: 1, email: "Ada@Example.com" }] };
const request = {
  method_endpoint: "https://api.example.com/contacts",
  method_request_headers: {},
  method_request: { email: "Ada@Example.com" },
};
const inputs: Partial<Record<EventName, object>> = {
  before_action: { ...request, method_request_parameters: {}, method_auth_value: "the key", script_parameters: {} },
  after_error: { method_error: { statusCode: 404, reasonPhrase: "Not Found", content: "", isError: true } },
  before_webhook: { method_request_headers: {}, method_request_parameters: {}, method_request: response },
  before_oauth2_authorise: request,
  before_oauth2_token: request,
  before_oauth2_refresh: request,
};

/** An input as an event has it. */
export const example = (event: EventName): string =>
  JSON.stringify(inputs[event] ?? { method_response: response, statusCode: 200 }, null, 2);

/** A handler that does nothing yet. */
export const handlerOf = (event: EventName): string =>
  event === "action_condition"
    ? `function ${event}() {\n  return method_response.contacts.length > 0;\n}\n`
    : `function ${event}() {\n  return true;\n}\n`;
