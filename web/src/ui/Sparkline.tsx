import { Hint } from "./Hint";
import classes from "./Sparkline.module.css";

/** What came of a time: what went well, and what did not. */
export interface Bar {
  good: number;
  bad: number;
}

const size = { width: 96, height: 22, gap: 1 };

/** A row of small bars, one for each of some equal times; the last is now. */
export function Sparkline({ bars, label }: { bars: Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map((b) => b.good + b.bad));
  const step = size.width / Math.max(1, bars.length);
  const tall = (n: number) => (n === 0 ? 0 : Math.max(1.5, (n / most) * (size.height - 1)));
  return (
    <Hint label={label}>
      <svg
        className={classes.spark}
        viewBox={`0 0 ${size.width} ${size.height}`}
        width={size.width}
        height={size.height}
        role="img"
        aria-label={label}
      >
        <line x1={0} x2={size.width} y1={size.height - 0.5} y2={size.height - 0.5} className={classes.base} />
        {bars.map((b, i) => {
          const [bad, all] = [tall(b.bad), tall(b.good + b.bad)];
          const at = { x: i * step, width: Math.max(1, step - size.gap) };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: times have an order and no ids
            <g key={i}>
              <rect {...at} y={size.height - all} height={all - bad} className={classes.good} />
              <rect {...at} y={size.height - bad} height={bad} className={classes.bad} />
            </g>
          );
        })}
      </svg>
    </Hint>
  );
}
