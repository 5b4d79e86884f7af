import type { Mapping, Method, Trigger } from "../api/schema";
import type { Step } from "./design";
import { typeOf } from "./mapping";

/** One of the values that an application lists, and what people call it. */
export interface Choice {
  Name: string;
  Value: string;
}

/** Mappings whose value is known before anything runs. */
const known = (m: Mapping | undefined) => ["StaticValue", "ValueList", "Trigger"].includes(typeOf(m));

/**
 * What a lookup is given of what the step has already: the parameters of the
 * lookup's method that the step's method has by the same name, or that the same
 * lookup fills. By their ids.
 */
export function chosenBefore(
  step: Step,
  method: Method | undefined,
  t: Trigger,
  all: Method[],
): Record<string, string> {
  const asked = all.find(
    (m) => m.Name === t.Method || m.MethodUniqueIdentifier.toLowerCase() === t.Method?.toLowerCase(),
  );
  const given: Record<string, string> = {};
  for (const p of asked?.Parameters.filter((x) => !x.Hidden) ?? []) {
    const same = method?.Parameters.filter(
      (x) => x.Name === p.Name || (p.TriggerName && x.TriggerName === p.TriggerName),
    );
    const value = same
      ?.map((x) => step.Parameters?.find((m) => m.Target === x.Name))
      .find((m) => known(m) && m?.Value)?.Value;
    if (value) given[String(p.Id)] = value;
  }
  return given;
}
