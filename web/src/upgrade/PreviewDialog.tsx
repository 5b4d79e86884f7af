import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Modal } from "../ui/Modal";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { previewQuery, type Target, upgrade } from "./calls";
import { Losses } from "./Losses";
import classes from "./upgrade.module.css";

interface Props {
  template: string;
  of: Target;
  mayUpgrade: boolean;
  onClose(): void;
}

/** What the upgrade of one cycle would come to; nothing has changed yet. */
export function PreviewDialog({ template, of, mayUpgrade, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error } = useQuery(previewQuery(of));
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => upgrade(of),
    onSuccess: async () => {
      say(t("upgrade.upgradedOne", { name: of.name }));
      onClose();
      await queries.invalidateQueries({ queryKey: ["template", template] });
      await queries.invalidateQueries({ queryKey: ["account", of.account] });
    },
  });
  return (
    <Modal onClose={onClose} title={t("upgrade.previewTitle", { name: of.name, account: of.accountName })} size="lg">
      <Refusal error={error ?? act.error} />
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
              <Button loading={act.isPending} onClick={() => act.mutate()}>
                {t("upgrade.one")}
              </Button>
            </div>
          )}
        </div>
      )}
    </Modal>
  );
}
