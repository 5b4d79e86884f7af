import { Button, Modal, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../ui/Refusal";
import { previewQuery } from "./calls";
import { Losses } from "./Losses";
import type { Target } from "./run";
import classes from "./upgrade.module.css";

interface Props {
  of: Target;
  mayUpgrade: boolean;
  onUpgrade(): void;
  onClose(): void;
}

/** What the upgrade of one cycle would come to; nothing has changed yet. */
export function PreviewDialog({ of, mayUpgrade, onUpgrade, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error } = useQuery(previewQuery(of));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("upgrade.previewTitle", { name: of.name, account: of.accountName })}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Refusal error={error} />
      {!data && !error && <Skeleton height={120} radius={8} />}
      {data && (
        <div className={classes.preview}>
          {data.Refusal && (
            <p className={classes.refusal} role="alert">
              <TriangleAlert size={15} aria-hidden /> {data.Refusal}
            </p>
          )}
          <h3>{t("upgrade.lost")}</h3>
          <Losses list={data.Lost ?? []} />
          <h3>{t("upgrade.missing")}</h3>
          {data.Prerequisites?.length ? (
            <ul className={classes.changes}>
              {data.Prerequisites.map((p) => (
                <li key={`${p.ReasonCode} ${p.StepId} ${p.ObjectId}`}>{p.Reason}</li>
              ))}
            </ul>
          ) : (
            <p className={classes.same}>{t("upgrade.nothingMissing")}</p>
          )}
          {mayUpgrade && !data.Refusal && (
            <div className={classes.acts}>
              <Button
                onClick={() => {
                  onClose();
                  onUpgrade();
                }}
              >
                {t("upgrade.one")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Modal>
  );
}
