import type { Prerequisite } from "../api/schema";

/** Something that is still to be done before a design can run, as the server found it. */
export type Problem = Prerequisite;

/** What there is to do, by the step that it is of. */
export function byStep(all: Problem[]): Map<string, Problem[]> {
  const of = new Map<string, Problem[]>();
  for (const p of all) if (p.StepId) of.set(p.StepId, [...(of.get(p.StepId) ?? []), p]);
  return of;
}

/** What a problem says, without the name of its step, beside which it is shown. */
export function said(p: Problem, name: string | undefined): string {
  const step = `Step ${JSON.stringify(name ?? "")}`;
  if (!p.Reason.startsWith(step)) return p.Reason;
  const rest = p.Reason.slice(step.length).replace(/^[:,]?\s*/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** What is wrong with what a parameter or field is mapped to, without the names beside which it is shown. */
export function faultOf(
  all: Problem[] | undefined,
  kind: "Parameter" | "Field",
  of: { name: string; label: string; id?: number },
) {
  const found = all?.filter((p) => p.ObjectType === kind && [of.name, String(of.id)].includes(p.ObjectId ?? ""));
  const mark = `, ${of.label}: `;
  const reason = found?.map((p) => p.Reason).find((r) => r.includes(mark));
  const rest = reason?.slice(reason.indexOf(mark) + mark.length);
  return rest && rest.charAt(0).toUpperCase() + rest.slice(1);
}
