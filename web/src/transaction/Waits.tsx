import { Hourglass } from "lucide-react";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Transaction } from "../api/schema";
import { exact, parseDate } from "../ui/format";
import { Time, Zone } from "../ui/Time";
import type { Wait } from "./path";
import classes from "./transaction.module.css";

/** Why a transaction does not go on, and when it will. */
export function Waits({ of, why }: { of: Transaction; why: Wait }) {
  const { t, i18n } = useTranslation();
  const zone = useContext(Zone);
  const until = of.Status === "Waiting" ? parseDate(of.WakeOnUtc) : null;
  return (
    <p className={classes.waits}>
      <Hourglass size={15} aria-hidden />
      <span>
        {t(`transaction.wait.${why.why}`, { step: why.step ?? t("transaction.aStep") })}
        {until && (
          <>
            {" "}
            {t("transaction.goesOn")} <Time at={of.WakeOnUtc} /> ({exact(until, zone, i18n.language)}).
          </>
        )}
      </span>
    </p>
  );
}
