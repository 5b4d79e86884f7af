import type { ConnectorSettings, ConnectorSettingsChange } from "../api/schema";
import { changedOf, valuesOf } from "../connector/properties";

/** The form of what is set for a connector; its properties are there by number. */
export interface SettingsForm {
  [property: `p${number}`]: string;
  ClientId: string;
  ClientSecret: string;
  Native: boolean;
}

export const formOf = (s: ConnectorSettings): SettingsForm => ({
  ...(valuesOf(s.Properties) as Record<`p${number}`, string>),
  ClientId: s.ClientId,
  ClientSecret: s.ClientSecret,
  Native: s.Native,
});

/** Whether there is something that can be forgotten. */
export const anySet = (s: ConnectorSettings) =>
  s.Native || s.ClientId !== "" || s.ClientSecret !== "" || s.Properties.some((p) => !!p.Value);

/** What the form changes. A connector without OAuth has no client to speak of. */
export function changeOf(s: ConnectorSettings, form: SettingsForm, hasClient: boolean): ConnectorSettingsChange {
  const { ClientId, ClientSecret, Native, ...properties } = form;
  const Properties = changedOf(s.Properties, properties as Record<string, string>);
  return hasClient ? { ClientId, ClientSecret, Native, Properties } : { Native, Properties };
}
