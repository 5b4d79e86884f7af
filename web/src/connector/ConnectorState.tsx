import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { useNow } from "../ui/clock";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import classes from "./connector.module.css";
import { stateOf } from "./state";

/** How an installed connector is, and until when. */
export function ConnectorState({ of }: { of: AccountConnector }) {
  const { t } = useTranslation();
  const { status, at } = stateOf(of, useNow());
  return (
    <span className={classes.state}>
      <Status of={status} />
      {at && status !== "Authenticated" && <Time at={at} />}
      {at && status === "Authenticated" && (
        <span className="faint">
          {t("connector.until")} <Time at={at} />
        </span>
      )}
    </span>
  );
}
