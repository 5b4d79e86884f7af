import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import classes from "./dashboard.module.css";

interface Props<T> {
  title: string;
  /** Where there is more. */
  more?: ReactNode;
  query: UseQueryResult<T>;
  /** What it says when there is nothing to say. */
  nothing: string;
  empty(data: T): boolean;
  children(data: T): ReactNode;
}

/** A part of the dashboard, which loads and fails by itself. */
export function Panel<T>({ title, more, query, nothing, empty, children }: Props<T>) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more}
      </header>
      {query.data !== undefined ? (
        empty(query.data) ? (
          <p className={classes.calm}>
            <CircleCheck size={15} aria-hidden />
            {nothing}
          </p>
        ) : (
          children(query.data)
        )
      ) : query.isError ? (
        <p className={classes.failed} role="alert">
          {t("error.title")}{" "}
          <button type="button" className="quiet" onClick={() => query.refetch()}>
            {t("action.retry")}
          </button>
        </p>
      ) : (
        [70, 50, 60].map((width) => <Skeleton key={width} height={12} width={`${width}%`} my={10} />)
      )}
    </section>
  );
}
