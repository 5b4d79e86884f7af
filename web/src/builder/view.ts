import type { Viewport } from "@xyflow/react";
import { size } from "./arrange";
import type { Design, Step } from "./design";

/** Steps are not made smaller than this to have all of them in sight. */
const readable = 0.7;

interface Room {
  width: number;
  height: number;
}

/** How a step is brought into sight: not at all if it is, with all others if they have room, else in the middle. */
export function viewOf(d: Design, step: Step, now: Viewport, room: Room): Viewport {
  const own = bounds([step]);
  if (holds(now, own, room)) return now;
  const all = bounds(d.Steps);
  const zoom = Math.min(1, room.width / (all.width + size.width / 2), room.height / (all.height + size.height));
  return zoom >= readable ? centred(all, zoom, room) : centred(own, Math.max(now.zoom, readable), room);
}

function bounds(steps: Step[]) {
  const left = Math.min(...steps.map((s) => s.DisplayPositionLeft));
  const top = Math.min(...steps.map((s) => s.DisplayPositionTop));
  const right = Math.max(...steps.map((s) => s.DisplayPositionLeft)) + size.width;
  const bottom = Math.max(...steps.map((s) => s.DisplayPositionTop)) + size.height;
  return { left, top, width: right - left, height: bottom - top };
}

type Bounds = ReturnType<typeof bounds>;

function holds({ x, y, zoom }: Viewport, b: Bounds, room: Room): boolean {
  const [left, top] = [b.left * zoom + x, b.top * zoom + y];
  return (
    zoom >= readable &&
    left >= 0 &&
    top >= 0 &&
    left + b.width * zoom <= room.width &&
    top + b.height * zoom <= room.height
  );
}

function centred(b: Bounds, zoom: number, room: Room): Viewport {
  return {
    x: room.width / 2 - (b.left + b.width / 2) * zoom,
    y: room.height / 2 - (b.top + b.height / 2) * zoom,
    zoom,
  };
}
