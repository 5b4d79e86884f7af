import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { TransactionJob } from "../api/schema";
import { useMay } from "../session/may";
import { useNow } from "../ui/clock";
import { Refusal } from "../ui/Refusal";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { cancelJob, jobsQuery } from "./calls";
import { recent } from "./many";
import classes from "./transaction.module.css";

interface Props {
  account: string;
  cycleNames: Map<string, string>;
}

/** What is done to many transactions, by whomever, and what came of it of late. */
export function Jobs({ account, cycleNames }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const jobs = recent(useQuery(jobsQuery(account)).data ?? [], now);
  if (jobs.length === 0) return null;
  return (
    <ul className={classes.jobs} aria-label={t("transaction.many.jobs")}>
      {jobs.map((j) => (
        <Job key={j.Id} account={account} of={j} cycleName={cycleNames.get(j.CycleId)} />
      ))}
    </ul>
  );
}

interface JobProps {
  account: string;
  of: TransactionJob;
  cycleName: string | undefined;
}

function Job({ account, of, cycleName }: JobProps) {
  const { t } = useTranslation();
  const may = useMay()("Accounts", "Edit");
  const queries = useQueryClient();
  const cancelling = useMutation({
    mutationFn: () => cancelJob(account, of.Id),
    onSettled: () => queries.invalidateQueries({ queryKey: jobsQuery(account).queryKey }),
  });
  return (
    <li>
      <Status of={of.State} />
      <span>
        {t(`transaction.many.${of.Action}Done`, { count: of.Done })}
        {of.Skipped > 0 && <>, {t("transaction.many.skipped", { count: of.Skipped })}</>}
        {of.Reason && <>: {of.Reason}</>}
      </span>
      <span className="faint">
        {cycleName} {of.CreatedBy} <Time at={of.EndedOnUtc ?? of.CreatedOnUtc} />
      </span>
      {may && !of.EndedOnUtc && (
        <Button size="compact-sm" variant="default" loading={cancelling.isPending} onClick={() => cancelling.mutate()}>
          {t("action.cancel")}
        </Button>
      )}
      {cancelling.error && <Refusal error={cancelling.error} />}
    </li>
  );
}
