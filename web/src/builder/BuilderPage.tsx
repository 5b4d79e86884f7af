import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Release } from "../api/schema";
import { useMay } from "../session/may";
import { usePageTitle } from "../shell/title";
import { templateQuery } from "../template/calls";
import { Crumbs } from "../ui/Crumbs";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Builder } from "./Builder";
import own from "./BuilderPage.module.css";
import classes from "./builder.module.css";
import { missingInRelease, releaseQuery, saveRelease } from "./calls";
import type { Trial } from "./TrialDialog";
import { TrialTools } from "./TrialTools";
import { useTrial } from "./useTrial";

/** The builder of a template's release; one that is not a draft can be looked at. */
export function BuilderPage() {
  const { template, release } = useParams({ from: "/inside/templates/$template/releases/$release" });
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const query = releaseQuery(template, release);
  const loaded = useQuery(query);
  const missing = missingInRelease(template, release);
  const problems = useQuery(missing);
  const [trial, setTrial] = useState<Trial>();
  const run = useTrial(trial);
  if (loaded.isError) return <Failure error={loaded.error} onRetry={() => loaded.refetch()} />;
  if (!loaded.data) return <Skeleton className={classes.builder} />;
  return (
    <>
      <div className={own.way}>
        <Way of={loaded.data} />
      </div>
      <Builder
        key={release}
        loaded={loaded.data}
        locked={
          loaded.data.State !== "Draft"
            ? t("builder.locked")
            : may("Templates", "Edit")
              ? undefined
              : t("builder.mayLook")
        }
        missing={problems.data}
        watched={{ path: `/v1.0/templates/${template}/releases/${release}/live` }}
        path={run.path}
        tools={(designer) => (
          <TrialTools
            {...{ template, release, designer, run }}
            onStart={(started) => {
              setTrial(started);
              run.anew();
            }}
            onEnd={() => setTrial(undefined)}
          />
        )}
        save={async (d, revision) => {
          const saved = await saveRelease(template, release, d, revision);
          void queries.invalidateQueries(missing);
          return saved;
        }}
        reload={() => {
          void queries.invalidateQueries(missing);
          return queries.fetchQuery({ ...query, staleTime: 0 });
        }}
      />
    </>
  );
}

/** The way to the template, and which of its releases this is. */
function Way({ of }: { of: Release }) {
  const { t } = useTranslation();
  const { template } = useParams({ from: "/inside/templates/$template/releases/$release" });
  const name = useQuery(templateQuery(template)).data?.Name;
  const version = t("release.version", { version: of.Version });
  usePageTitle(name && `${name} ${version}`);
  return (
    <Crumbs>
      {[
        <Link key="library" to="/templates">
          {t("nav.templates")}
        </Link>,
        <Link key="template" to="/templates/$template" params={{ template }}>
          {name ?? template}
        </Link>,
        <span key="version">{version}</span>,
        <Status key="state" of={of.State} />,
      ]}
    </Crumbs>
  );
}
