import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import classes from "./Chart.module.css";

export interface Series {
  label: string;
  /** null: there is none, which is not 0. */
  values: (number | null)[];
  /** A variable of base.css. */
  colour: "accent-text" | "bad" | "busy";
  shape: "bars" | "line";
}

interface Props {
  label: string;
  /** 2006-01-02, UTC. */
  days: string[];
  series: Series[];
  show(value: number): string;
}

const height = 168;

/** Figures by day. What is drawn is in a table, too, for those who do not see it. */
export function Chart({ label, days, series, show }: Props) {
  const { i18n } = useTranslation();
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const [at, setAt] = useState<number | null>(null);
  const day = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const key = JSON.stringify([days, series]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn is all in key
  useEffect(() => {
    if (!canvas.current || width === 0) return;
    const plot = new UPlot(options(days, series, width, day, show, setAt), points(days, series), canvas.current);
    return () => plot.destroy();
  }, [key, width, scheme]);

  return (
    <figure className={classes.chart}>
      <Legend label={label} series={series} at={at} day={at === null ? "" : dayName(days[at], day)} show={show} />
      <div ref={ref} className={classes.canvas} aria-hidden>
        <div ref={canvas} />
      </div>
      <Figures label={label} days={days} series={series} show={show} />
    </figure>
  );
}

const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
const dayName = (day: string | undefined, form: Intl.DateTimeFormat) =>
  day ? form.format(new Date(`${day}T00:00:00Z`)) : "";
const figure = (n: number | null | undefined, show: Props["show"]) => (typeof n === "number" ? show(n) : "–");
const points = (days: string[], series: Series[]): UPlot.AlignedData => [
  days.map(seconds),
  ...series.map((s) => s.values),
];

function options(
  days: string[],
  series: Series[],
  width: number,
  day: Intl.DateTimeFormat,
  show: Props["show"],
  onAt: (at: number | null) => void,
): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour("text-3"), font: "11px system-ui, sans-serif", ticks: { show: false } };
  const grid = { stroke: colour("line-soft"), width: 1 };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false }, points: { show: false } },
    padding: [8, 4, 0, 0],
    scales: {
      x: { range: [seconds(days[0] ?? "") - 43_200, seconds(days.at(-1) ?? "") + 43_200] },
      y: { range: (_, _min, max) => [0, max || 1] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        space: 64,
        incrs: [1, 2, 5, 7, 14, 30, 91].map((n) => n * 86_400),
        values: (_, all) => all.map((s) => day.format(new Date(s * 1000))),
      },
      { ...axis, grid, size: 52, space: 40, values: (_, all) => all.map(show) },
    ],
    series: [
      {},
      ...series.map((s) => ({
        label: s.label,
        stroke: colour(s.colour),
        width: s.shape === "bars" ? 0 : 2,
        fill: s.shape === "bars" ? colour(s.colour) : undefined,
        points: { show: s.shape === "line", size: 5, fill: colour(s.colour) },
        paths: s.shape === "bars" ? UPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 }) : undefined,
      })),
    ],
    hooks: { setCursor: [(u) => onAt(u.cursor.idx ?? null)] },
  };
}

/** What the colours stand for; of the day that is pointed at, its figures. */
function Legend(props: { label: string; series: Series[]; at: number | null; day: string; show: Props["show"] }) {
  return (
    <figcaption className={classes.legend}>
      <strong>{props.label}</strong>
      <span className={classes.keys} aria-hidden>
        {props.day}
        {props.series.map((s) => (
          <span key={s.label} className={classes.key} data-colour={s.colour}>
            {s.label}
            {props.at !== null && <b className="number">{figure(s.values[props.at], props.show)}</b>}
          </span>
        ))}
      </span>
    </figcaption>
  );
}

function Figures({ label, days, series, show }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <details className={classes.details}>
      <summary id={id}>{t("chart.table")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section className={classes.scroll} tabIndex={0} aria-labelledby={id}>
        <table aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{t("chart.day")}</th>
              {series.map((s) => (
                <th scope="col" key={s.label}>
                  {s.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((d, i) => (
              <tr key={d}>
                <th scope="row">{d}</th>
                {series.map((s) => (
                  <td key={s.label} className="number">
                    {figure(s.values[i], show)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
