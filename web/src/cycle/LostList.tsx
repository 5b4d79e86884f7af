import { useTranslation } from "react-i18next";
import type { Lost } from "../api/schema";
import classes from "./cycle.module.css";

/** What did not come with a cycle to another design. */
export function LostList({ lead, list }: { lead: string; list: Lost[] }) {
  const { t } = useTranslation();
  if (list.length === 0) return <p>{t("cycle.nothingLost")}</p>;
  return (
    <>
      <p>{lead}</p>
      <ul className={classes.changes}>
        {list.map((l) => (
          <li key={`${l.StepId} ${l.Name}`}>
            <strong>{[l.StepName, l.Name].filter(Boolean).join(" · ")}</strong> {l.Reason}
          </li>
        ))}
      </ul>
    </>
  );
}
