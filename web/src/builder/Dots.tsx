import { useStore } from "@xyflow/react";
import classes from "./canvas.module.css";
import { dotsAt } from "./far";

/** The grid behind the steps: it is moved, and drawn anew only when its size changes. */
export function Dots() {
  const { gap, x, y } = useStore(({ transform: [left, top, zoom] }) => dotsAt(left, top, zoom), same);
  return (
    <div
      className={classes.dots}
      style={{ backgroundSize: `${gap}px ${gap}px`, transform: `translate(${x}px, ${y}px)` }}
      aria-hidden
    />
  );
}

type At = ReturnType<typeof dotsAt>;
const same = (a: At, b: At) => a.gap === b.gap && a.x === b.x && a.y === b.y;
