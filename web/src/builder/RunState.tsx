import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Status } from "../ui/Status";
import classes from "./builder.module.css";
import type { Run } from "./useRun";

/** How the transaction that is shown on the steps is getting on; it leads to the transaction. */
export function RunState({ account, cycle, run }: { account: string; cycle: string; run: Run }) {
  const { t } = useTranslation();
  const { Id, Status: state } = run.transaction;
  return (
    <span className={classes.run} role="status">
      <Status of={state} />
      <Link
        to="/accounts/$account/cycles/$cycle/transactions/$transaction"
        params={{ account, cycle, transaction: Id }}
      >
        {t("builder.run.open")}
      </Link>
    </span>
  );
}
