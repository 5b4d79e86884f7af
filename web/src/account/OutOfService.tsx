import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "../api/schema";
import classes from "./account.module.css";
import type { Service } from "./ServiceDialog";

/** What takes the account out of service, and brings it back. */
export function OutOfService({ account, onAsk }: { account: Account; onAsk(what: Service): void }) {
  const { t } = useTranslation();
  return (
    <section className={classes.service} aria-label={t("tenant.form.service")}>
      <h2>{t("tenant.form.service")}</h2>
      {account.Enabled ? (
        <Way lead={t("tenant.form.suspendLead")}>
          <Button variant="default" onClick={() => onAsk("suspend")}>
            {t("tenant.suspend")}
          </Button>
        </Way>
      ) : (
        <Way lead={t("tenant.form.resumeLead")}>
          <Button onClick={() => onAsk("resume")}>{t("tenant.resume")}</Button>
        </Way>
      )}
      <Way lead={t("tenant.form.deleteLead")}>
        <Button variant="outline" color="red" onClick={() => onAsk("delete")}>
          {t("tenant.delete")}
        </Button>
      </Way>
    </section>
  );
}

function Way({ lead, children }: { lead: string; children: ReactNode }) {
  return (
    <div>
      <p>{lead}</p>
      {children}
    </div>
  );
}
