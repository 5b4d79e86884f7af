import type { Method, Trigger } from "../api/schema";

/** Something that a method takes. */
export interface Taken {
  kind: "Parameters" | "Fields";
  id: number;
  label: string;
  hint: string;
  required: boolean;
  otherwise: string;
  choices: { value: string; label: string }[];
  /** What lists the values, where the application knows them. */
  lookup?: Trigger;
}

/** What a method takes: what is required first, else as the connector has it. */
export function taken(method: Method): Taken[] {
  const parameters = method.Parameters.filter((p) => !p.Hidden).map(
    (p): Taken => ({
      kind: "Parameters",
      id: p.Id,
      label: p.DisplayName || p.Name,
      hint: p.Description,
      required: !p.IsOptional && !p.Default,
      otherwise: p.Default,
      choices: choices(p.Values),
      lookup: p.Triggers?.[0],
    }),
  );
  const fields = method.RequestFields.map(
    (f): Taken => ({
      kind: "Fields",
      id: f.Id,
      label: f.DisplayName || f.ConnectorField,
      hint: f.Description,
      required: !f.IsOptional && !f.Default,
      otherwise: f.Default,
      choices: choices(f.Values),
    }),
  );
  return [...parameters, ...fields].sort((a, b) => Number(b.required) - Number(a.required));
}

const choices = (values: { Value?: string; Label?: string }[]) =>
  values.map((v) => ({ value: v.Value ?? "", label: v.Label || v.Value || "" }));

/** The key under which an input is kept. */
export const keyOf = (t: Pick<Taken, "kind" | "id">) => `${t.kind} ${t.id}`;

/** What was entered, as the API takes it: nothing is sent of what was left empty. */
export function inputOf(all: Taken[], entered: Record<string, string>) {
  const of = (kind: Taken["kind"]) =>
    Object.fromEntries(all.filter((t) => t.kind === kind && entered[keyOf(t)]).map((t) => [t.id, entered[keyOf(t)]]));
  return { Parameters: of("Parameters"), Fields: of("Fields") };
}
