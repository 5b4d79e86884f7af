import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cyclesQuery } from "../cycle/calls";
import { Count } from "../ui/Count";
import { parseDate } from "../ui/format";
import classes from "./account.module.css";
import { subaccountsQuery, usageQuery } from "./calls";

/** As many sub-accounts are named; the tree of accounts has all. */
const firstFew = 4;

/** How much an account used and what goes on in it. */
export function Figures({ account }: { account: string }) {
  const { t, i18n } = useTranslation();
  const usage = useQuery(usageQuery(account));
  const cycles = useQuery(cyclesQuery(account));
  const below = useQuery(subaccountsQuery(account));

  const day = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", timeZone: "UTC" });
  const from = parseDate(usage.data?.StartTime);
  const to = parseDate(usage.data?.EndTime);
  const sum = (of: "InProgressTransactionCount" | "ErrorCount") => cycles.data?.reduce((n, c) => n + c[of], 0);
  const byName = new Intl.Collator(i18n.language, { numeric: true });
  const shown = below.data?.rows.toSorted((a, b) => byName.compare(a.Name, b.Name)).slice(0, firstFew);
  const running = cycles.data?.filter((c) => c.Status === "Running").length;

  return (
    <dl className={classes.figures}>
      <Figure label={t("account.tasks")} n={usage.data?.TasksUsed} failed={usage.isError}>
        {from && to && day.formatRange(from, to)}
      </Figure>
      <Figure label={t("account.running")} n={running} failed={cycles.isError}>
        {cycles.data && t("account.runningOf", { total: cycles.data.length })}
      </Figure>
      <Figure label={t("account.inProgress")} n={sum("InProgressTransactionCount")} failed={cycles.isError} />
      <Figure label={t("account.failures")} n={sum("ErrorCount")} failed={cycles.isError} tone="bad" />
      <div className={classes.figure}>
        <dt>{t("account.subaccounts")}</dt>
        <dd className={classes.below}>
          {below.isPending && <Skeleton height={12} width={90} />}
          {(below.isError || below.data?.total === 0) && <span className="faint">{t("account.none")}</span>}
          {shown?.map((a, i) => (
            <Fragment key={a.Id}>
              {i > 0 && ", "}
              <Link to="/accounts/$account/cycles" params={{ account: a.Id }} className="row-link">
                {a.Name}
              </Link>
            </Fragment>
          ))}
          {below.data && below.data.total > firstFew && (
            <span className="faint"> {t("account.andMore", { count: below.data.total - firstFew })}</span>
          )}
        </dd>
      </div>
    </dl>
  );
}

interface FigureProps {
  label: string;
  n: number | undefined;
  failed: boolean;
  tone?: "bad";
  children?: ReactNode;
}

function Figure({ label, n, failed, tone, children }: FigureProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        {n !== undefined ? (
          <strong>
            <Count n={n} tone={tone} />
          </strong>
        ) : failed ? (
          <span className="faint">{t("time.none")}</span>
        ) : (
          <Skeleton height={18} width={48} my={5} />
        )}
        {children && <span>{children}</span>}
      </dd>
    </div>
  );
}
