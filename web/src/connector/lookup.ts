import type { Method, Trigger } from "../api/schema";

/** One of the values that an application lists, and what people call it. */
export interface Choice {
  Name: string;
  Value: string;
}

/**
 * What a lookup is given of what a method is given already, which has says by the
 * names of its parameters: the parameters of the lookup's method that the method has
 * by the same name, or that the same lookup fills. By their ids.
 */
export function chosenBefore(
  has: (parameter: string) => string | undefined,
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
    const value = same?.map((x) => has(x.Name)).find((v) => v);
    if (value) given[String(p.Id)] = value;
  }
  return given;
}
