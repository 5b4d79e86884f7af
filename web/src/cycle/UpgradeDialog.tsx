import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Cycle, Lost } from "../api/schema";
import { useMay } from "../session/may";
import { releasesQuery } from "../template/calls";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { graphQuery, upgradeCycle, useCyclesChanged } from "./calls";
import { changes } from "./changes";
import classes from "./cycle.module.css";
import { LostList } from "./LostList";

/** Moves a cycle to its template's live release, after telling what that changes. */
export function UpgradeDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  const upgrade = useMutation({
    mutationFn: () => upgradeCycle(account, cycle.Id),
    onSuccess: async () => {
      say(t("cycle.upgraded", { name: cycle.Name }));
      await changed();
    },
  });
  if (upgrade.data) {
    return (
      <Dialog title={t("cycle.upgradeDone")} act={t("action.close")} onAct={onClose} onClose={onClose}>
        <LostList lead={t("cycle.lostUpgrade")} list={(upgrade.data.Lost ?? []) as Lost[]} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("cycle.upgradeOf", { name: cycle.Name })}
      act={t("cycle.upgrade")}
      busy={upgrade.isPending}
      error={upgrade.error}
      onAct={() => upgrade.mutate()}
      onClose={onClose}
    >
      <p>{t(cycle.Status === "Running" ? "cycle.upgradeRunning" : "cycle.upgradeSays")}</p>
      <Changes cycle={cycle} />
    </Dialog>
  );
}

/** What differs between the release that the cycle is of and the live one, for those who may see templates. */
function Changes({ cycle }: { cycle: Cycle }) {
  const { t } = useTranslation();
  const template = cycle.TemplateId ?? "";
  const sees = useMay()("Templates") && template !== "";
  const releases = useQuery({ ...releasesQuery(template, {}, 1000), enabled: sees });
  const live = releases.data?.rows.find((r) => r.State === "Live");
  const before = releases.data?.rows.find((r) => r.Id === cycle.TemplateReleaseId);
  const from = useQuery({ ...graphQuery(template, before?.Id ?? ""), enabled: before !== undefined });
  const to = useQuery({ ...graphQuery(template, live?.Id ?? ""), enabled: live !== undefined });
  if (!live || !from.data || !to.data) return null;
  const all = changes(from.data, to.data);
  return (
    <>
      <p>{t("cycle.upgradeFromTo", { from: before?.Version, to: live.Version })}</p>
      {live.Notes && <blockquote className={classes.notes}>{live.Notes}</blockquote>}
      {all.length > 0 ? (
        <ul className={classes.changes}>
          {all.map((c) => (
            <li key={`${c.what} ${c.name}`} data-what={c.what}>
              <strong>{c.name}</strong> {t(`cycle.change.${c.what}`)}
            </li>
          ))}
        </ul>
      ) : (
        <p>{t("cycle.sameSteps")}</p>
      )}
    </>
  );
}
