import type { Path } from "../transaction/path";
import { type Design, kinds } from "./design";

/** What starts a design: a request, or a timer. */
export function starts(d: Pick<Design, "Steps" | "Edges">): "timer" | "webhook" | undefined {
  const led = new Set(d.Edges.map((e) => e.TailStepId));
  const first = d.Steps.filter((s) => s.ActionType !== kinds.Annotation && !led.has(s.Id));
  if (first.some((s) => s.ActionType === kinds.Action)) return "timer";
  return first.some((s) => s.ActionType === kinds.Webhook) ? "webhook" : undefined;
}

/** The steps of a template, by those of a cycle that was made of it. */
export function origins(steps: { Id?: string; OriginId?: string }[]): Map<string, string> {
  return new Map(steps.flatMap(({ Id, OriginId }) => (Id && OriginId ? [[Id, OriginId] as const] : [])));
}

/** The way of a transaction of a cycle, on the steps of its template. */
export function pathOn({ came, taken }: Path, of: Map<string, string>): Path {
  const name = (id: string) => of.get(id) ?? id;
  return {
    came: new Map([...came].map(([id, what]) => [name(id), what])),
    taken: new Set(
      [...taken].map((key) => {
        const [head = "", exit = "", tail = ""] = key.split(" ");
        return [name(head), exit, name(tail)].join(" ");
      }),
    ),
  };
}
