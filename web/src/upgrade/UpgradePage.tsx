import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release, Rollout, Template } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { releasesQuery, templateQuery } from "../template/calls";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { useAddress } from "../ui/useAddress";
import { Way } from "./ComparePage";
import { ConfirmDialog } from "./ConfirmDialog";
import { outdatedQuery, rolloutsQuery } from "./calls";
import { Differences } from "./Differences";
import { Outdated } from "./Outdated";
import classes from "./upgrade.module.css";

/** The cycles that are of older releases of a template, in all accounts, and what takes them to the live one. */
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
  const rollouts = useQuery(rolloutsQuery(of.Id));
  const [asked, setAsked] = useState(false);
  const started = useStarted(of.Id);
  const live = releases.find((r) => r.State === "Live");
  const count = list.data?.total ?? 0;
  const open = rollouts.data?.rows.find((r) => !r.EndedOnUtc);
  return (
    <>
      <Way of={of} />
      <PageHead
        title={t("upgrade.title")}
        lead={live && t("upgrade.lead", { version: live.Version })}
        docs="templates#upgrade-all"
      >
        {mayUpgrade && rollouts.data && !open && count > 0 && (
          <Button onClick={() => setAsked(true)}>{t("upgrade.all", { count })}</Button>
        )}
      </PageHead>
      {open && <Open of={open} />}
      {live && count > 0 && <Steps template={of.Id} releases={releases} live={live} />}
      <Outdated template={of.Id} list={list} mayUpgrade={mayUpgrade} />
      {asked && live && (
        <ConfirmDialog template={of.Id} count={count} live={live} onStart={started} onClose={() => setAsked(false)} />
      )}
    </>
  );
}

/** Goes to a rollout that has begun. */
function useStarted(template: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (r: Rollout) => {
    void queries.invalidateQueries({ queryKey: ["template", template] });
    void navigate({ to: "/templates/$template/rollouts/$rollout", params: { template, rollout: r.Id } });
  };
}

/** The way to the rollout that is at work, or waits. */
function Open({ of }: { of: Rollout }) {
  const { t } = useTranslation();
  return (
    <p className={classes.open}>
      {t(of.State === "Waiting" ? "upgrade.openWaits" : "upgrade.open", { version: of.Version })}{" "}
      <Link to="/templates/$template/rollouts/$rollout" params={{ template: of.TemplateId, rollout: of.Id }}>
        {t("upgrade.openLink")}
      </Link>
    </p>
  );
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
