import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowUpCircle, OctagonAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { useMay } from "../session/may";
import { upgradeableQuery } from "./calls";
import classes from "./cycle.module.css";

/** What one should know of a cycle before all else. */
export function Notices({ account, of, onUpgrade }: { account: string; of: Cycle; onUpgrade(): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const newer = useQuery({ ...upgradeableQuery(account, of.Id, of.Name), enabled: of.TemplateId !== null }).data;
  return (
    <>
      {of.Status === "Paused" && of.StopReason && (
        <p className={classes.notice} data-tone="bad">
          <OctagonAlert size={16} aria-hidden />
          <span>{t("cycle.stoppedBy", { reason: of.StopReason })}</span>
        </p>
      )}
      {newer && (
        <p className={classes.notice}>
          <ArrowUpCircle size={16} aria-hidden />
          <span>{t("cycle.upgradeable")}</span>
          {may("Accounts", "Edit") && (
            <Button size="xs" variant="default" disabled={of.Status === "Finishing"} onClick={onUpgrade}>
              {t("cycle.upgradeAsk")}
            </Button>
          )}
        </p>
      )}
    </>
  );
}
