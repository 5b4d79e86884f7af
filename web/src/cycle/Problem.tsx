import { OctagonAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import classes from "./cycle.module.css";

/** Why what was asked for did not happen. */
export function Problem({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  return (
    <div role="alert">
      {error && (
        <p className={classes.problem}>
          <OctagonAlert size={15} aria-hidden />
          {error instanceof ApiError ? error.message : t("error.offline")}
        </p>
      )}
    </div>
  );
}
