import { useTranslation } from "react-i18next";
import type { Lost } from "../api/schema";
import classes from "./upgrade.module.css";

/** What a release has no place for. */
export function Losses({ list }: { list: readonly Lost[] }) {
  const { t } = useTranslation();
  if (list.length === 0) return <p className={classes.same}>{t("upgrade.nothingLost")}</p>;
  return (
    <ul className={classes.changes}>
      {list.map((l) => (
        <li key={`${l.StepId} ${l.Name}`}>
          <strong>{[l.StepName, l.Name].filter(Boolean).join(" · ")}</strong> {l.Reason}
        </li>
      ))}
    </ul>
  );
}
