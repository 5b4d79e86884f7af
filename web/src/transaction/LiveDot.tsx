import { useTranslation } from "react-i18next";
import type { LiveState } from "../api/live";
import classes from "./transaction.module.css";

/** Whether what is shown follows what happens. */
export function LiveDot({ state }: { state: LiveState }) {
  const { t } = useTranslation();
  return (
    <span className={classes.live} data-state={state} role="status">
      <span aria-hidden />
      {t(`live.${state}`)}
    </span>
  );
}
