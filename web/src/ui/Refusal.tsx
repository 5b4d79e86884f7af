import { OctagonAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import classes from "./Refusal.module.css";

/** Why what was asked for did not happen, if it did not. */
export function Refusal({ error, problem }: { error?: Error | null; problem?: string | false }) {
  const { t } = useTranslation();
  const message = problem || (error instanceof ApiError ? error.message : error && t("error.offline"));
  return (
    <div role="alert">
      {message && (
        <p className={classes.problem}>
          <OctagonAlert size={15} aria-hidden />
          {message}
        </p>
      )}
    </div>
  );
}
