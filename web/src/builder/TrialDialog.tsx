import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import type { Prerequisite } from "../api/schema";
import { activate, prerequisitesQuery } from "../cycle/calls";
import { Missing } from "../cycle/Missing";
import { Dialog } from "../ui/Dialog";
import { tryRelease } from "./calls";
import { starts } from "./trialRun";
import type { Designer } from "./useDesign";

/** A test cycle of a template, in an account. */
export interface Trial {
  account: string;
  cycle: string;
}

interface Props {
  template: string;
  release: string;
  /** The account that was chosen before. */
  account?: string;
  designer: Designer;
  onStart(trial: Trial): void;
  onClose(): void;
}

/** Runs a release once in an account that is chosen. What the test lacks there is told. */
export function TrialDialog({ template, release, account: before, designer, onStart, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [account, setAccount] = useState(before);
  const [lacks, setLacks] = useState<{ cycle: string; list: Prerequisite[] }>();
  const by = starts(designer.design);
  const run = useMutation({
    mutationFn: async (within: string) => {
      await designer.flush();
      const { Id: cycle } = await tryRelease(within, template, release);
      const list = await queries.fetchQuery(prerequisitesQuery(within, cycle));
      setLacks({ cycle, list });
      if (list.length > 0) return;
      await activate(within, cycle, by === "timer" ? { RunOnce: true } : {});
      onStart({ account: within, cycle });
      onClose();
    },
  });
  return (
    <Dialog
      title={t("builder.trial.title")}
      act={t("builder.run.once")}
      blocked={!account}
      busy={run.isPending}
      error={run.error}
      onAct={() => account && run.mutate(account)}
      onClose={onClose}
    >
      <p>{t("builder.trial.says")}</p>
      {by === "webhook" && <p>{t("builder.trial.webhook")}</p>}
      <AccountChoice
        value={account}
        label={t("account.choice")}
        all={t("builder.test.account")}
        onChange={(id) => {
          setAccount(id);
          setLacks(undefined);
          run.reset();
        }}
      />
      {account && lacks && lacks.list.length > 0 && (
        <div role="status">
          <p>{t("builder.trial.lacks", { count: lacks.list.length })}</p>
          <Missing account={account} cycle={lacks.cycle} list={lacks.list} />
        </div>
      )}
    </Dialog>
  );
}
