import { connect, type Design, type Exit, exitsOf, kinds, remove, type Step, stepOf } from "./design";

/**
 * A design as a list: its steps in order, what follows an exit of several
 * indented below it.
 */

export interface Row {
  step: Step;
  depth: number;
  /** The exit that leads here, where there are several. */
  exit?: Exit;
  /** Steps that it leads to as well, which stand elsewhere in the list. */
  goes: Step[];
}

const outOf = (d: Design, id: string) => d.Edges.filter((e) => e.HeadStepId === id);
const into = (d: Design, id: string) => d.Edges.filter((e) => e.TailStepId === id);
const order = (a: Step, b: Step) =>
  a.DisplayPositionLeft - b.DisplayPositionLeft || a.DisplayPositionTop - b.DisplayPositionTop;

/** The rows of a design: from each beginning along its ways, and annotations at the end. */
export function outline(d: Design): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  const all = d.Steps.toSorted(order);
  const notes = all.filter((s) => s.ActionType === kinds.Annotation);
  const steps = all.filter((s) => s.ActionType !== kinds.Annotation);
  for (const s of [...steps.filter((x) => into(d, x.Id).length === 0), ...steps, ...notes]) {
    const todo: Omit<Row, "goes">[] = seen.has(s.Id) ? [] : [{ step: s, depth: 0 }];
    for (let at = todo.pop(); at; at = todo.pop()) {
      if (seen.has(at.step.Id)) {
        rows.findLast((r) => leads(d, r.step, at.step, at.exit))?.goes.push(at.step);
        continue;
      }
      seen.add(at.step.Id);
      rows.push({ ...at, goes: [] });
      todo.push(...next(d, at).reverse());
    }
  }
  return rows;
}

const leads = (d: Design, from: Step, to: Step, exit?: Exit) =>
  outOf(d, from.Id).some((e) => e.TailStepId === to.Id && (!exit || e.EdgeType === exit));

/** What follows a step: on its own level, or indented where there are several ways on. */
function next(d: Design, { step, depth }: Omit<Row, "goes">): Omit<Row, "goes">[] {
  const exits = exitsOf(step);
  const out = outOf(d, step.Id).toSorted(
    (a, b) => exits.indexOf(a.EdgeType as Exit) - exits.indexOf(b.EdgeType as Exit),
  );
  const branches = exits.length > 1 || out.length > 1;
  return out.flatMap((e) => {
    const to = stepOf(d, e.TailStepId);
    if (!to) return [];
    return [{ step: to, depth: depth + (branches ? 1 : 0), exit: exits.length > 1 ? (e.EdgeType as Exit) : undefined }];
  });
}

/** A step between another and what that leads to by an exit. */
export function insertAfter(d: Design, id: string, after: { step: string; exit?: Exit }): Design {
  const [added, before] = [stepOf(d, id), stepOf(d, after.step)];
  if (!added || !before || added.ActionType === kinds.Annotation) return d;
  const exit = after.exit ?? exitsOf(before)[0] ?? "Forward";
  const on = exitsOf(added)[0];
  const moved = outOf(d, before.Id).filter((e) => e.EdgeType === exit && e.TailStepId !== id);
  const cut = remove(
    d,
    [],
    [...moved, ...into(d, id)].map((e) => e.Id),
  );
  const led = connect(cut, before.Id, id, exit);
  return moved.reduce((now, e) => (on ? connect(now, id, e.TailStepId, on) : now), led);
}

/** Without a step; what led to it leads to what it led to, unless there were several ways on. */
export function removeStep(d: Design, id: string): Design {
  const [before, after] = [into(d, id), outOf(d, id)];
  const step = stepOf(d, id);
  const one = step && exitsOf(step).length === 1;
  const joined = before.flatMap((b) => (one ? after.map((a) => ({ ...b, to: a.TailStepId })) : []));
  return joined.reduce((now, e) => connect(now, e.HeadStepId, e.to, e.EdgeType as Exit), remove(d, [id]));
}

/** Exchanges a step with the one before it (-1) or after it (1); undefined: they are not in one line. */
export function moveStep(d: Design, id: string, by: -1 | 1): Design | undefined {
  const neighbour = by < 0 ? only(into(d, id))?.HeadStepId : only(outOf(d, id))?.TailStepId;
  const [first, second] = by < 0 ? [stepOf(d, neighbour), stepOf(d, id)] : [stepOf(d, id), stepOf(d, neighbour)];
  return first && second && inLine(d, first, second) ? exchange(d, first, second) : undefined;
}

const only = <T>(all: T[]): T | undefined => (all.length === 1 ? all[0] : undefined);

/** Whether a step leads to another and nowhere else, and nothing else leads there. A webhook stays where it is. */
const inLine = (d: Design, first: Step, second: Step) =>
  [first, second].every((s) => exitsOf(s).length === 1 && s.ActionType !== kinds.Webhook) &&
  only(outOf(d, first.Id))?.TailStepId === second.Id &&
  only(into(d, second.Id)) !== undefined;

function exchange(d: Design, first: Step, second: Step): Design {
  const place = ({ DisplayPositionLeft, DisplayPositionTop }: Step) => ({ DisplayPositionLeft, DisplayPositionTop });
  return {
    ...d,
    Steps: d.Steps.map((s) => {
      if (s.Id === first.Id) return { ...s, ...place(second) };
      return s.Id === second.Id ? { ...s, ...place(first) } : s;
    }),
    Edges: d.Edges.map((e) => {
      if (e.HeadStepId === first.Id) return { ...e, HeadStepId: second.Id, TailStepId: first.Id };
      if (e.TailStepId === first.Id) return { ...e, TailStepId: second.Id };
      return e.HeadStepId === second.Id ? { ...e, HeadStepId: first.Id } : e;
    }),
  };
}
