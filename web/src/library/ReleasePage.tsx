import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { LibraryConnector } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { Crumbs } from "../ui/Crumbs";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { releaseQuery, releasesQuery } from "./calls";
import classes from "./library.module.css";
import { Methods } from "./Methods";
import { Lookups, Parameters } from "./Parts";
import { Settings } from "./Settings";
import { Ways } from "./Ways";

/** A release of a connector: what it can do, and what the partner has set for it. */
export function ReleasePage() {
  const { t } = useTranslation();
  const { connector: id } = useParams({ from: "/inside/connectors/$connector" });
  const release = useQuery(releaseQuery(id));
  return (
    <>
      <Crumbs>
        {[
          <Link key="library" to="/connectors">
            {t("library.title")}
          </Link>,
        ]}
      </Crumbs>
      {release.isError && !release.data && <Failure error={release.error} onRetry={() => release.refetch()} />}
      {release.isPending && <Skeleton height={320} radius={10} />}
      {release.data && <Loaded key={id} of={release.data} />}
    </>
  );
}

function Loaded({ of }: { of: LibraryConnector }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={of.Name} lead={of.Description} docs="installed-connectors#the-library" />
      <div className={classes.facts}>
        <ConnectorIcon icon={of.Icon} name={of.Name} />
        <Status of={of.Status} />
        <Releases of={of} />
        {of.Categories.map((category) => (
          <Link key={category} to="/connectors" search={{ category }} className={classes.mark}>
            {category}
          </Link>
        ))}
        <span className="faint">
          <Ways of={of.Authentication} />
        </span>
        <span className="faint">
          {t("accounts.id")} <CopyId id={String(of.Id)} whole />
        </span>
      </div>
      {of.Status === "Deprecated" && <p className={classes.note}>{t("library.deprecated")}</p>}
      <Settings of={of} readOnly={!may("Connectors", "Edit")} />
      <Methods of={of} />
      <Parameters of={of} />
      <Lookups of={of} />
    </>
  );
}

/** The releases of the connector; the others are a click away. */
function Releases({ of }: { of: LibraryConnector }) {
  const { t } = useTranslation();
  const all = useQuery(releasesQuery(of.Name)).data ?? [of];
  return (
    <nav className={classes.releases} aria-label={t("library.releases")}>
      {all.map((r) => (
        <Link
          key={r.Id}
          to="/connectors/$connector"
          params={{ connector: String(r.Id) }}
          className={classes.mark}
          activeProps={{ "data-active": true }}
        >
          {r.Version}
          {r.Status !== "Live" && r.Id !== of.Id && <span className="faint">{r.Status}</span>}
        </Link>
      ))}
    </nav>
  );
}
