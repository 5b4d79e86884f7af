import type { Mapping, Variable } from "../api/schema";
import { type Design, mapped } from "./design";

/** A variable more, of a name that none has. */
export function addVariable(d: Design, word: string): Design {
  const taken = new Set(d.Variables.map((v) => v.SystemName));
  let n = 1;
  const name = () => (n === 1 ? word : `${word}${n}`);
  while (taken.has(name())) n++;
  return { ...d, Variables: [...d.Variables, { DisplayName: name(), SystemName: name(), Value: "" }] };
}

export function changeVariable(d: Design, at: number, to: Partial<Variable>): Design {
  return { ...d, Variables: d.Variables.map((v, i) => (i === at ? { ...v, ...to } : v)) };
}

/** A variable less; what it was mapped to takes its last value. */
export function removeVariable(d: Design, at: number): Design {
  const gone = d.Variables[at];
  if (!gone) return d;
  const by = (m: Mapping): Mapping =>
    m.MappingType === "Variable" && m.Variable === gone.SystemName
      ? { ...m, MappingType: "StaticValue", Value: gone.Value, Variable: undefined }
      : m;
  return { ...d, Variables: d.Variables.toSpliced(at, 1), Steps: d.Steps.map((s) => mapped(s, by)) };
}

/** Whether a variable may be called so: there is a name, it is no merge syntax, and no other has it. */
export function mayBeCalled(d: Design, at: number, name: string): boolean {
  return /^[^\s{}|:]+$/.test(name) && !d.Variables.some((v, i) => i !== at && v.SystemName === name);
}

/** Another system name, also in the mappings and merge fields that take the variable. */
export function renameVariable(d: Design, at: number, to: string): Design {
  const from = d.Variables[at]?.SystemName;
  if (!from || from === to || !mayBeCalled(d, at, to)) return d;
  const quoted = from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const field = new RegExp(`(\\{\\{\\s*)${quoted}(?=\\s*(?:\\||\\}\\}))`, "g");
  const by = (m: Mapping): Mapping => {
    if (m.MappingType === "Variable") return m.Variable === from ? { ...m, Variable: to } : m;
    if (m.MappingType !== "StaticValue" || !m.Value) return m;
    return { ...m, Value: m.Value.replace(field, (_, open: string) => open + to) };
  };
  const renamed = changeVariable(d, at, { SystemName: to });
  return { ...renamed, Steps: d.Steps.map((s) => mapped(s, by)) };
}
