/** Below this scale no word of a step can be read, and steps are drawn without. */
export const farBelow = 0.3;

/** How far apart the dots of the canvas are, in its own pixels. */
const apart = 20;
/** Dots closer together than that on the screen are left out, every second one. */
const closest = 12;

/** Where the grid of dots stands on the screen: how far apart they are, and from where they begin. */
export function dotsAt(left: number, top: number, zoom: number): { gap: number; x: number; y: number } {
  let gap = apart * zoom;
  while (gap < closest) gap *= 2;
  const from = (at: number) => ((at % gap) + gap) % gap;
  return { gap, x: from(left), y: from(top) };
}

/** How large a step is on the canvas. */
const size = { width: 200, height: 64 };

/** A step that stands somewhere. */
export interface Stands {
  id: string;
  position: { x: number; y: number };
}

interface Leads {
  source: string;
  target: string;
  sourceHandle?: string | null;
}

/** How far down a step its exits are. */
const down: Record<string, number> = { True: 0.3, False: 0.7 };

/** The lines between steps, as one path. */
export function linesOf(nodes: Stands[], edges: Leads[]): string {
  const places = new Map(nodes.map((n) => [n.id, n.position]));
  return edges
    .map((e) => {
      const [from, to] = [places.get(e.source), places.get(e.target)];
      if (!from || !to) return "";
      const right = from.x + size.width;
      const exit = from.y + size.height * (down[e.sourceHandle ?? ""] ?? 0.5);
      return `M${right} ${exit}H${(right + to.x) / 2}V${to.y + size.height / 2}H${to.x}`;
    })
    .join("");
}
