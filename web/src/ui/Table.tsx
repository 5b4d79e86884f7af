import { Skeleton } from "@mantine/core";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Table.module.css";

export interface Column {
  key: string;
  label: string;
  /** Numbers stand to the right. */
  right?: boolean;
  /** Of no use on a narrow screen. */
  wide?: boolean;
  /** Of the skeleton's bar, in pixels. */
  width?: number;
  /** The heading is for screen readers only. */
  silent?: boolean;
  /** By which name the server sorts by it; none: it does not. */
  sort?: string;
  /** What a card begins with; none: with the first column. */
  head?: boolean;
  /** On a card its heading stands before it, as it does before numbers. */
  named?: boolean;
}

/** What a table is sorted by. */
export interface Sorting {
  by?: string;
  down?: boolean;
  onSort(by: string, down: boolean): void;
}

/** A dense table. While loading it shows rows of its final shape. */
export function Table(props: {
  label: string;
  columns: Column[];
  loading?: number;
  /** On a phone each row is a card. */
  cards?: boolean;
  sorting?: Sorting;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <table
        className={classes.table}
        data-cards={props.cards || undefined}
        aria-label={props.label}
        aria-busy={props.loading ? true : undefined}
      >
        <thead>
          <tr>
            {props.columns.map((c) => (
              <Heading key={c.key} column={c} sorting={props.sorting} />
            ))}
          </tr>
        </thead>
        <tbody>{props.loading ? <Bones columns={props.columns} rows={props.loading} /> : props.children}</tbody>
      </table>
      {props.loading ? (
        <span className="sr-only" role="status">
          {t("loading")}
        </span>
      ) : null}
    </div>
  );
}

function Heading({ column: c, sorting }: { column: Column; sorting?: Sorting }) {
  const sorted = c.sort !== undefined && sorting?.by === c.sort;
  const Arrow = sorting?.down ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-right={c.right || undefined}
      data-wide={c.wide || undefined}
      aria-sort={sorted ? (sorting.down ? "descending" : "ascending") : undefined}
    >
      {c.silent ? (
        <span className="sr-only">{c.label}</span>
      ) : c.sort && sorting ? (
        <button
          type="button"
          className={classes.sort}
          onClick={() => c.sort && sorting.onSort(c.sort, sorted && !sorting.down)}
        >
          {c.label}
          {sorted && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        c.label
      )}
    </th>
  );
}

function Bones({ columns, rows }: { columns: Column[]; rows: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
    <tr key={row} aria-hidden>
      {columns.map((c) => (
        <td key={c.key} data-right={c.right || undefined} data-wide={c.wide || undefined}>
          <Skeleton height={10} width={(c.width ?? 60) - ((row * 17) % 24)} radius="sm" display="inline-block" />
        </td>
      ))}
    </tr>
  ));
}

/** A cell of a column with the same settings. */
export function Cell(props: { right?: boolean; wide?: boolean; head?: boolean; name?: string; children?: ReactNode }) {
  return (
    <td
      data-right={props.right || undefined}
      data-wide={props.wide || undefined}
      data-head={props.head || undefined}
      data-name={props.name}
    >
      {props.children}
    </td>
  );
}
