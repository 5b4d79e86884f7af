import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TemplateConnector } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { changeSettings, templateConnectorsQuery } from "./calls";
import classes from "./library.module.css";

/** The connectors that templates use, and which of them are the partner's own product. */
export function TemplateConnectorsPage() {
  const { t } = useTranslation();
  const list = useQuery(templateConnectorsQuery(useSearch({ from: "/inside/templates/connectors" })));
  const [problem, setProblem] = useState<Error | null>(null);
  const columns: ListColumn<TemplateConnector>[] = [
    { key: "name", label: t("library.connector"), sort: "Name", width: 180, cell: (c) => <Named of={c} /> },
    {
      key: "versions",
      label: t("library.release"),
      width: 60,
      cell: (c) => <span className="number">{c.Versions.join(", ")}</span>,
    },
    { key: "templates", label: t("nav.templates"), wide: true, width: 200, cell: (c) => <Used of={c} /> },
    { key: "native", label: t("library.native"), width: 40, cell: (c) => <Native of={c} onProblem={setProblem} /> },
  ];
  return (
    <>
      <PageHead
        title={t("library.templateConnectors")}
        lead={t("library.templateLead")}
        docs="installed-connectors#template-connectors"
      />
      <Refusal error={problem} />
      <List
        label={t("library.templateConnectors")}
        list={list}
        columns={columns}
        rowKey={(c) => `${c.ConnectorId} ${c.Name}`}
        search={t("library.search")}
        empty={{ icon: Plug, title: t("library.templateEmpty"), hint: t("library.templateEmptyHint") }}
      />
    </>
  );
}

function Named({ of }: { of: TemplateConnector }) {
  const { t } = useTranslation();
  const may = useMay();
  const known = of.ConnectorId > 0;
  return (
    <div className={classes.name}>
      <ConnectorIcon icon={of.Icon} name={of.Name} />
      <div>
        {known && may("Connectors") ? (
          <Link to="/connectors/$connector" params={{ connector: String(of.ConnectorId) }} className="row-link">
            {of.Name}
          </Link>
        ) : (
          of.Name
        )}
        {!known && <span>{t("library.gone")}</span>}
      </div>
    </div>
  );
}

/** As many templates are named; the others are counted. */
const firstFew = 3;

function Used({ of }: { of: TemplateConnector }) {
  const { t } = useTranslation();
  return (
    <span className={classes.templates}>
      {of.Templates.slice(0, firstFew).map((one) => (
        <Link key={one.Id} to="/templates/$template" params={{ template: one.Id }} className="row-link">
          {one.Name}
        </Link>
      ))}
      {of.Templates.length > firstFew && (
        <span className="faint">{t("account.andMore", { count: of.Templates.length - firstFew })}</span>
      )}
    </span>
  );
}

/** Says that a connector is the partner's own product, or takes it back. */
function Native({ of, onProblem }: { of: TemplateConnector; onProblem(error: Error | null): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (Native: boolean) => changeSettings(String(of.ConnectorId), { Native }),
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: async ({ Native }) => {
      await queries.invalidateQueries({ queryKey: ["connectors"] });
      say(t(Native ? "library.nowNative" : "library.notNative", { name: of.Name }));
    },
  });
  return (
    <Switch
      checked={change.isPending ? change.variables : of.Native}
      disabled={of.ConnectorId === 0 || !may("Connectors", "Edit")}
      aria-label={t("library.nativeOf", { name: of.Name })}
      onChange={(e) => change.mutate(e.currentTarget.checked)}
    />
  );
}
