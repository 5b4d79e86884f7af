import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "./clock";
import { duration, exact, parseDate, relative } from "./format";
import { Hint } from "./Hint";

/** The zone that exact times are shown in: the account's. */
export const Zone = createContext("UTC");

/** A time as people say it, with the exact one on hover. */
export function Time({ at, none }: { at: string | null | undefined; none?: string }) {
  const { t, i18n } = useTranslation();
  const zone = useContext(Zone);
  const now = useNow();
  const date = parseDate(at);
  if (!date) return <span className="faint">{none ?? t("time.none")}</span>;
  return (
    <Hint label={exact(date, zone, i18n.language)}>
      <time dateTime={date.toISOString()} className="nowrap">
        {relative(date, Math.max(now, Date.now()), i18n.language) || t("time.now")}
      </time>
    </Hint>
  );
}

/** The time between two; up to now while there is no end and it runs. */
export function Duration({ from, to, running }: { from: string; to?: string | null; running?: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const start = parseDate(from);
  const end = parseDate(to)?.getTime() ?? (running ? Math.max(now, Date.now()) : null);
  if (!start || end === null) return <span className="faint">{t("time.none")}</span>;
  return <span className="nowrap">{duration(end - start.getTime())}</span>;
}
