import { NativeSelect, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import { graphQuery } from "../cycle/calls";
import { releasesQuery, templateQuery } from "../template/calls";
import { CodeCompare } from "../ui/Code";
import { Crumbs } from "../ui/Crumbs";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { useAddress } from "../ui/useAddress";
import { Differences } from "./Differences";
import { asText } from "./difference";
import { Graphs } from "./Graphs";
import type { Pair } from "./routes";
import classes from "./upgrade.module.css";

/** Two releases of a template: what differs in their steps, and in all. */
export function ComparePage() {
  const { t } = useTranslation();
  const { template: id } = useParams({ from: "/inside/templates/$template/compare" });
  const template = useQuery(templateQuery(id));
  const releases = useQuery(releasesQuery(id, {}, 1000));
  const error = template.error ?? releases.error;
  if (error) return <Failure error={error} onRetry={() => Promise.all([template.refetch(), releases.refetch()])} />;
  if (!template.data || !releases.data) return <Skeleton height={280} radius={10} />;
  return (
    <>
      <Way of={template.data} />
      <PageHead title={t("upgrade.compare")} docs="templates#the-library" />
      <Compared template={id} releases={releases.data.rows} />
    </>
  );
}

/** The way to the pages of a template. */
export function Way({ of }: { of: Template }) {
  const { t } = useTranslation();
  return (
    <Crumbs>
      {[
        <Link key="library" to="/templates">
          {t("nav.templates")}
        </Link>,
        <Link key="template" to="/templates/$template" params={{ template: of.Id }}>
          {of.Name}
        </Link>,
      ]}
    </Crumbs>
  );
}

function Compared({ template, releases }: { template: string; releases: Release[] }) {
  const { t } = useTranslation();
  const [pair, set] = useAddress<Pair>();
  const [chosen, setChosen] = useState<string>();
  const after = releases.find((r) => r.Id === pair.to) ?? releases[0];
  const before =
    releases.find((r) => r.Id === pair.from) ?? releases.find((r) => r.Version < (after?.Version ?? 0)) ?? after;
  if (!before || !after) return null;
  const data = releases.map((r) => ({
    value: r.Id,
    label: `${t("release.version", { version: r.Version })} ${r.State}`,
  }));
  return (
    <>
      <div className={classes.pair}>
        <NativeSelect
          label={t("upgrade.before")}
          value={before.Id}
          data={data}
          onChange={(e) => set({ from: e.currentTarget.value })}
        />
        <NativeSelect
          label={t("upgrade.after")}
          value={after.Id}
          data={data}
          onChange={(e) => set({ to: e.currentTarget.value })}
        />
      </div>
      <section className={classes.part} aria-label={t("upgrade.changes")}>
        <h2>{t("upgrade.changes")}</h2>
        <Differences template={template} from={before.Id} to={after.Id} chosen={chosen} onChoose={setChosen} />
      </section>
      <section className={classes.part} aria-label={t("upgrade.side")}>
        <h2>{t("upgrade.side")}</h2>
        <Graphs template={template} before={before} after={after} chosen={chosen} onChoose={setChosen} />
      </section>
      <section className={classes.part} aria-label={t("upgrade.text")}>
        <h2>{t("upgrade.text")}</h2>
        <Texts template={template} before={before} after={after} />
      </section>
    </>
  );
}

function Texts({ template, before, after }: { template: string; before: Release; after: Release }) {
  const { t } = useTranslation();
  const from = useQuery(graphQuery(template, before.Id));
  const to = useQuery(graphQuery(template, after.Id));
  if (!from.data || !to.data) return <Skeleton height={320} radius={8} />;
  const label = (r: Release) => t("release.version", { version: r.Version });
  return (
    <CodeCompare
      language="json"
      before={{ label: label(before), text: asText(from.data) }}
      after={{ label: label(after), text: asText(to.data) }}
    />
  );
}
