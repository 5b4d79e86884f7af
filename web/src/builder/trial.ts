import type { Mapping, Method } from "../api/schema";
import type { Design, Step } from "./design";
import { fieldsOf, parametersOf, type Target, typeOf } from "./mapping";
import { type Samples, valueAt } from "./sample";

/** What a step is tried with: a parameter or a field. */
export interface Input {
  kind: "Parameters" | "Fields";
  target: Target;
  /** What its mapping comes to, as far as it can be told. */
  value: string;
}

/** What a test goes by beside the step's own values. */
export interface Circumstances {
  /** Values of variables that are not the design's. */
  variables: Record<string, string>;
  /** When the step last ran without error, as an ISO time; undefined: never. */
  lastRun?: string;
}

/** Of a step that has never run, with the variables that the design has. */
const usual: Circumstances = { variables: {} };

/** As the server has it for a step that has never run. */
const never = "1970-01-01T00:00:00Z";

/** What a step takes: what is required or mapped, with values for it. */
export function inputsOf(
  design: Design,
  step: Step,
  method: Method | undefined,
  samples: Samples,
  at: Circumstances = usual,
): Input[] {
  const d = { ...design, Variables: variablesOf(design, at) };
  const lastRun = at.lastRun ?? never;
  const of = (kind: Input["kind"], targets: Target[], mapped: Mapping[] | null | undefined): Input[] =>
    targets.flatMap((target) => {
      const m = mapped?.find((x) => x.Target === target.name);
      if (!target.required && typeOf(m) === "Ignore") return [];
      return [{ kind, target, value: worth(d, m, samples, lastRun) }];
    });
  return [
    ...of("Parameters", parametersOf(step, method), step.Parameters),
    ...of("Fields", fieldsOf(step, method), step.Fields),
  ];
}

/** The variables of a design, with the values of a test. */
export const variablesOf = (d: Design, { variables }: Circumstances) =>
  d.Variables.map((v) => ({ ...v, Value: variables[v.SystemName ?? ""] ?? v.Value }));

/** The key under which what was entered for an input is kept. */
export const keyOf = (i: Input) => `${i.kind} ${i.target.name}`;

/** What a step is called with; what is empty is left out. */
export function given(inputs: Input[], entered: Record<string, string>, kind: Input["kind"]): Record<string, string> {
  const all = inputs.filter((i) => i.kind === kind).map((i) => [i.target.name, entered[keyOf(i)] ?? i.value]);
  return Object.fromEntries(all.filter(([, v]) => v !== ""));
}

function worth(d: Design, m: Mapping | undefined, samples: Samples, lastRun: string): string {
  switch (typeOf(m)) {
    case "StaticValue":
      return merged(d, m?.Value ?? "", samples, lastRun);
    case "ValueList":
    case "Trigger":
      return m?.Value ?? "";
    case "Variable":
      return variable(d, m?.Variable) ?? "";
    case "StepOutput":
      return shown(valueAt(samples.get(m?.SourceStepId ?? ""), m?.SourceField ?? "")) ?? "";
    default:
      return "";
  }
}

const variable = (d: Design, name: string | undefined) =>
  d.Variables.find((v) => v.SystemName === name)?.Value || undefined;

/** A text with the values that are known of its merge fields, without what functions do to them. */
function merged(d: Design, text: string, samples: Samples, lastRun: string): string {
  return text.replace(/\{\{([^{}|]*)(\|[^{}]*)?\}\}/g, (_, inner: string) => {
    const [location = "", of] = inner.trim().split("::").reverse();
    const known = of === undefined ? variable(d, location) : undefined;
    if (known !== undefined) return known;
    if (of === undefined && location === "LastSuccessfulRunDate") return lastRun;
    const steps = d.Steps.filter((s) => samples.has(s.Id) && (of === undefined || s.Name === of));
    return steps.map((s) => shown(valueAt(samples.get(s.Id), location))).find((v) => v !== undefined) ?? "";
  });
}

function shown(v: unknown): string | undefined {
  if (v === undefined || v === null) return undefined;
  return typeof v === "object" ? JSON.stringify(v) : String(v);
}
