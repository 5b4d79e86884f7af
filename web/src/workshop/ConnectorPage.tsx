import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { type ComponentType, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { Crumbs } from "../ui/Crumbs";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { useChosenSeen } from "../ui/useChosenSeen";
import { ConnectorActions } from "./ConnectorActions";
import { customQuery } from "./calls";
import { ListSection } from "./ListSection";
import { MethodEditor } from "./MethodEditor";
import { MethodsSection } from "./MethodsSection";
import { ReleasesSection } from "./ReleasesSection";
import { SettingsSection } from "./SettingsSection";
import { type Section, sections } from "./sections";
import { authentication, category, connectorParameter, paging, rateLimit, settings, trigger } from "./shapes";
import classes from "./workshop.module.css";

type Shown = ComponentType<{ of: CustomConnector; readOnly: boolean }>;
const ScriptSection: Shown = lazy(async () => ({ default: (await import("./ScriptSection")).ScriptSection }));
const JsonSection: Shown = lazy(async () => ({ default: (await import("./JsonSection")).JsonSection }));

/** A release of one of the partner's own connectors: every part of its definition. */
export function ConnectorPage() {
  const { connector } = useParams({ from: "/inside/connectors/custom/$connector" });
  const found = useQuery(customQuery(Number(connector)));
  if (found.isError && !found.data) return <Failure error={found.error} onRetry={() => found.refetch()} />;
  return found.data ? <Loaded of={found.data} /> : <Skeleton height={320} radius={10} />;
}

function Loaded({ of }: { of: CustomConnector }) {
  const { t } = useTranslation();
  const may = useMay();
  const [problem, setProblem] = useState<Error | null>(null);
  const readOnly = !may("CustomConnectors", of.ReleaseStatus === "Draft" ? "Edit" : "Manage");
  const row = useChosenSeen<HTMLElement>();
  const { section = "settings" } = useSearch({ from: "/inside/connectors/custom/$connector" });
  return (
    <>
      <Crumbs>
        {[
          <Link key="customs" to="/connectors/custom">
            {t("workshop.title")}
          </Link>,
        ]}
      </Crumbs>
      <PageHead title={`${of.Name} ${of.Version}`} docs="custom-connectors">
        <ConnectorActions of={of} onProblem={setProblem} />
      </PageHead>
      <div className={classes.facts}>
        <Status of={of.ReleaseStatus ?? "Draft"} />
        <CopyId id={of.UniqueIdentifier ?? ""} whole />
      </div>
      <Refusal error={problem} />
      <Wrong of={of} />
      <div className={classes.page}>
        <nav ref={row} className={classes.sections} aria-label={t("workshop.sections")}>
          {sections.map((s) => (
            <Link
              key={s}
              to="/connectors/custom/$connector"
              params={{ connector: String(of.Id) }}
              search={{ section: s }}
              className={classes.section}
              data-active={s === section || undefined}
              aria-current={s === section ? "page" : undefined}
            >
              {t(`workshop.section.${s}`)}
            </Link>
          ))}
        </nav>
        <div className={classes.body}>
          <Suspense fallback={<Skeleton height={240} radius={8} />}>
            <Part key={`${of.Id} ${section}`} of={of} section={section} readOnly={readOnly} />
          </Suspense>
        </div>
      </div>
    </>
  );
}

function Part({ of, section, readOnly }: { of: CustomConnector; section: Section; readOnly: boolean }) {
  const { t } = useTranslation();
  const { method } = useSearch({ from: "/inside/connectors/custom/$connector" });
  const props = { of, readOnly };
  switch (section) {
    case "authentication":
      return (
        <ListSection
          {...props}
          lists={[{ name: "Authentication", shapes: authentication, columns: ["Name", "AuthType", "AuthScheme"] }]}
        />
      );
    case "parameters":
      return (
        <ListSection
          {...props}
          lists={[{ name: "Parameters", shapes: connectorParameter, columns: ["Name", "TargetType", "DisplayName"] }]}
        />
      );
    case "triggers":
      return (
        <ListSection
          {...props}
          lists={[
            { name: "Triggers", shapes: trigger, columns: ["Name", "Method", "IdentifierKey"] },
            { name: "MethodCategories", shapes: category, columns: ["Name", "Description", "ObjectTrigger"] },
          ]}
        />
      );
    case "methods":
      return method ? <MethodEditor key={method} {...props} method={method} /> : <MethodsSection {...props} />;
    case "limits":
      return (
        <>
          <ListSection
            {...props}
            lists={[{ name: "RateLimits", shapes: rateLimit, columns: ["Requests", "Seconds"] }]}
          />
          <SettingsSection {...props} title={t("workshop.group.defaults")} shapes={paging} />
        </>
      );
    case "script":
      return <ScriptSection {...props} />;
    case "json":
      return <JsonSection {...props} />;
    case "releases":
      return <ReleasesSection of={of} />;
    default:
      return <SettingsSection {...props} title={t("workshop.section.settings")} shapes={settings} />;
  }
}

/** What of the definition cannot be used, as the server sees it. */
function Wrong({ of }: { of: CustomConnector }) {
  const { t } = useTranslation();
  const lines = of.Unsupported ?? [];
  if (lines.length === 0) return null;
  return (
    <details className={classes.wrong}>
      <summary>
        <TriangleAlert size={15} aria-hidden />
        {t("workshop.unusable", { count: lines.length })}
      </summary>
      <ul>
        {lines.map((l) => (
          <li key={l}>{l}</li>
        ))}
      </ul>
    </details>
  );
}
