import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitBranch, GitCompare } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectorRelease, CustomConnector } from "../api/schema";
import { Count } from "../ui/Count";
import { Empty, Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Cell, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { connectorReleasesQuery } from "./calls";
import classes from "./workshop.module.css";

const CompareDialog = lazy(async () => ({ default: (await import("./CompareDialog")).CompareDialog }));

/** The releases of a connector, with what was new in each. */
export function ReleasesSection({ of }: { of: CustomConnector }) {
  const { t } = useTranslation();
  const releases = useQuery(connectorReleasesQuery(of.Id ?? 0));
  const [comparing, setComparing] = useState(false);
  const rows = releases.data ?? [];
  if (releases.isError) return <Failure error={releases.error} onRetry={() => releases.refetch()} />;
  if (releases.data && rows.length === 0) return <Empty icon={GitBranch} title={t("workshop.none")} />;
  return (
    <section aria-label={t("workshop.section.releases")}>
      {rows.length > 1 && (
        <div className="filters">
          <span className="end">
            <Button
              variant="default"
              leftSection={<GitCompare size={15} aria-hidden />}
              onClick={() => setComparing(true)}
            >
              {t("workshop.compare")}
            </Button>
          </span>
        </div>
      )}
      <Table
        label={t("workshop.section.releases")}
        loading={releases.isPending ? 2 : undefined}
        columns={[
          { key: "version", label: t("workshop.part.Version") },
          { key: "state", label: t("workshop.state") },
          { key: "notes", label: t("workshop.notes") },
          { key: "promoted", label: t("workshop.promoted"), wide: true },
          { key: "installed", label: t("workshop.installed"), right: true, wide: true },
        ]}
      >
        {rows.map((r) => (
          <ReleaseRow key={r.Id} of={r} here={r.Id === of.Id} />
        ))}
      </Table>
      <Suspense>{comparing && <CompareDialog releases={rows} of={of} onClose={() => setComparing(false)} />}</Suspense>
    </section>
  );
}

function ReleaseRow({ of, here }: { of: ConnectorRelease; here: boolean }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell>
        <Link
          to="/connectors/custom/$connector"
          params={{ connector: String(of.Id) }}
          search={{ section: "releases" }}
          className="row-link number"
          aria-current={here ? "page" : undefined}
        >
          {of.Version}
        </Link>
        {here && <span className={classes.here}>{t("workshop.here")}</span>}
      </Cell>
      <Cell>
        <Status of={of.ReleaseStatus} />
      </Cell>
      <Cell>
        {of.Promotions.length === 0 && <span className="faint">{t("time.none")}</span>}
        {of.Promotions.map((p) => (
          <p key={p.PromotedOnUtc} className={classes.note}>
            <span className="faint">
              {p.Kind}, {p.PromotedBy}
            </span>{" "}
            {p.Notes}
          </p>
        ))}
      </Cell>
      <Cell wide>
        <Time at={of.Promotions[0]?.PromotedOnUtc} />
      </Cell>
      <Cell right wide>
        <Count n={of.Installed} />
      </Cell>
    </tr>
  );
}
