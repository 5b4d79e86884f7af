/** How large a step is in a graph that is looked at, in pixels. */
export const box = { width: 176, height: 48 };
const apart = { x: 56, y: 24 };
const margin = 12;

interface Placed {
  Id: string;
  DisplayPositionLeft: number;
  DisplayPositionTop: number;
}

interface Link {
  HeadStepId?: string;
  TailStepId?: string;
  EdgeType?: string;
}

/** What an edge is told by: those that came with a template have no ids. */
export const edgeKey = (e: Link) => `${e.HeadStepId} ${e.EdgeType} ${e.TailStepId}`;

export interface Place {
  x: number;
  y: number;
}

export interface Layout {
  places: Map<string, Place>;
  width: number;
  height: number;
}

/** Where steps stand: as in the builder; where two stand upon each other, all are put in columns. */
export function layout(steps: Placed[], edges: Link[]): Layout {
  const places = overlaps(steps) ? columns(steps, edges) : asDesigned(steps);
  const all = [...places.values()];
  return {
    places,
    width: Math.max(0, ...all.map((p) => p.x + box.width)) + margin,
    height: Math.max(0, ...all.map((p) => p.y + box.height)) + margin,
  };
}

function asDesigned(steps: Placed[]): Map<string, Place> {
  const left = Math.min(...steps.map((s) => s.DisplayPositionLeft));
  const top = Math.min(...steps.map((s) => s.DisplayPositionTop));
  return new Map(
    steps.map((s) => [s.Id, { x: s.DisplayPositionLeft - left + margin, y: s.DisplayPositionTop - top + margin }]),
  );
}

function overlaps(steps: Placed[]): boolean {
  const rows = [...steps].sort((a, b) => a.DisplayPositionLeft - b.DisplayPositionLeft);
  return rows.some((a, i) => {
    for (const b of rows.slice(i + 1)) {
      if (b.DisplayPositionLeft - a.DisplayPositionLeft >= box.width) return false;
      if (Math.abs(b.DisplayPositionTop - a.DisplayPositionTop) < box.height) return true;
    }
    return false;
  });
}

/** Each step is a column after the last of those that lead to it. */
function columns(steps: Placed[], edges: Link[]): Map<string, Place> {
  const column = new Map(steps.map((s) => [s.Id, 0]));
  // A design has no loops; were there one, this ends all the same.
  for (let pass = 0; pass < steps.length; pass++) {
    let moved = false;
    for (const { HeadStepId: head = "", TailStepId: tail = "" } of edges) {
      const least = (column.get(head) ?? 0) + 1;
      if (least > (column.get(tail) ?? 0) && least < steps.length) {
        column.set(tail, least);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const taken = new Map<number, number>();
  return new Map(
    steps.map((s) => {
      const x = column.get(s.Id) ?? 0;
      const y = taken.get(x) ?? 0;
      taken.set(x, y + 1);
      return [s.Id, { x: margin + x * (box.width + apart.x), y: margin + y * (box.height + apart.y) }];
    }),
  );
}

/** The line from a step to another, as the path of an SVG. */
export function line(from: Place, to: Place): string {
  const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
  const [x2, y2] = [to.x - 6, to.y + box.height / 2];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  return `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
}
