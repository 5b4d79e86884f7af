import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { releasesQuery, templateQuery } from "../template/calls";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { say } from "../ui/say";
import { useAddress } from "../ui/useAddress";
import { Way } from "./ComparePage";
import { ConfirmDialog } from "./ConfirmDialog";
import { outdatedQuery, upgrade } from "./calls";
import { Differences } from "./Differences";
import { Outdated } from "./Outdated";
import { Progress } from "./Progress";
import { begin, goOn, type Run, type Target, useRun } from "./run";
import classes from "./upgrade.module.css";

/** Takes the cycles that are of older releases of a template to the live one, in all accounts. */
export function UpgradePage() {
  const { template: id } = useParams({ from: "/inside/templates/$template/upgrade" });
  const template = useQuery(templateQuery(id));
  const releases = useQuery(releasesQuery(id, {}, 1000));
  const error = template.error ?? releases.error;
  if (error) return <Failure error={error} onRetry={() => Promise.all([template.refetch(), releases.refetch()])} />;
  if (!template.data || !releases.data) return <Skeleton height={280} radius={10} />;
  return <Loaded of={template.data} releases={releases.data.rows} />;
}

function Loaded({ of, releases }: { of: Template; releases: Release[] }) {
  const { t } = useTranslation();
  const mayUpgrade = useMay()("Accounts", "Edit");
  const [address] = useAddress<ListFilter>();
  const list = useQuery(outdatedQuery(of.Id, address));
  const [asked, setAsked] = useState<"all" | Target[]>();
  const run = useRun(of.Id);
  const work = useWork(of);
  const live = releases.find((r) => r.State === "Live");
  const count = list.data?.total ?? 0;
  const idle = !run?.working && count > 0;
  return (
    <>
      <Way of={of} />
      <PageHead
        title={t("upgrade.title")}
        lead={live && t("upgrade.lead", { version: live.Version })}
        docs="templates#upgrade-all"
      >
        {mayUpgrade && idle && <Button onClick={() => setAsked("all")}>{t("upgrade.all", { count })}</Button>}
      </PageHead>
      {run && <Progress template={of.Id} run={run} onGoOn={work.goOn} />}
      {live && count > 0 && <Steps template={of.Id} releases={releases} live={live} />}
      <Outdated list={list} mayUpgrade={mayUpgrade && idle} onUpgrade={(targets) => setAsked(targets)} />
      {asked && live && (
        <ConfirmDialog
          template={of.Id}
          targets={asked === "all" ? undefined : asked}
          count={asked === "all" ? count : asked.length}
          version={live.Version}
          onStart={(targets) => {
            work.begin(live.Version, targets);
            setAsked(undefined);
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** Upgrades, and tells how it ended, on whichever page one is by then. */
function useWork(of: Template) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const end = (run: Run | undefined) => {
    void queries.invalidateQueries({ queryKey: ["template", of.Id] });
    void queries.invalidateQueries({ queryKey: ["account"] });
    const done = run?.results.filter((r) => !r.error).length ?? 0;
    if (run) say(t("upgrade.ended", { name: of.Name, done, count: run.results.length + run.waiting.length }));
  };
  return {
    begin: (to: number, targets: Target[]) => void begin(of.Id, to, targets, upgrade).then(end),
    goOn: () => void goOn(of.Id, upgrade).then(end),
  };
}

/** What changes for the cycles of each older release. */
function Steps({ template, releases, live }: { template: string; releases: Release[]; live: Release }) {
  const { t } = useTranslation();
  const older = releases.filter((r) => r.Id !== live.Id && (r.InstalledCount ?? 0) > 0);
  return (
    <section className={classes.part} aria-label={t("upgrade.changes")}>
      <h2>{t("upgrade.changes")}</h2>
      {live.Notes && <blockquote className={classes.notes}>{live.Notes}</blockquote>}
      {older.map((r) => (
        <article key={r.Id} className={classes.step}>
          <h3>
            {t("upgrade.fromTo", { from: r.Version, to: live.Version })}
            <span className="faint">{t("upgrade.cycles", { count: r.InstalledCount ?? 0 })}</span>
            <Link to="/templates/$template/compare" params={{ template }} search={{ from: r.Id, to: live.Id }}>
              {t("upgrade.compareAct")}
            </Link>
          </h3>
          <Differences template={template} from={r.Id} to={live.Id} upgrade />
        </article>
      ))}
    </section>
  );
}
