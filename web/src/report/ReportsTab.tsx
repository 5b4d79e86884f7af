import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useOwn } from "../session/may";
import { reportNames } from "./names";
import { registry } from "./registry";
import classes from "./report.module.css";

/** The reports of one account. */
export function ReportsTab() {
  const { t } = useTranslation();
  const may = useMay();
  const own = useOwn();
  const { account } = useParams({ from: "/inside/accounts/$account/reports" });
  const { report = "days" } = useSearch({ from: "/inside/accounts/$account/reports" });
  const known = reportNames.filter(
    (n) => registry[n].own && may(registry[n].area ?? "Reports") && !(own && registry[n].vendor),
  );
  const name = known.find((n) => n === report) ?? "days";
  return (
    <>
      <nav className={classes.reports} aria-label={t("nav.reports")}>
        {known.map((n) => (
          <Link
            key={n}
            to="/accounts/$account/reports"
            params={{ account }}
            search={{ report: n }}
            data-active={n === name || undefined}
            aria-current={n === name ? "page" : undefined}
          >
            {t(`nav.report.${n}`)}
          </Link>
        ))}
        {may("Security") && (
          <Link to="/settings/audit" search={{ account }}>
            {t("nav.auditLog")}
          </Link>
        )}
      </nav>
      {registry[name].view(account)}
    </>
  );
}
