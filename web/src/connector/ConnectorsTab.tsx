import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plug, Plus, SearchX } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { useMay } from "../session/may";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { Cell, type Column, Table } from "../ui/Table";
import { ConnectorIcon } from "./ConnectorIcon";
import { ConnectorState } from "./ConnectorState";
import { connectorsQuery } from "./calls";
import classes from "./connector.module.css";
import { kindOf, wayOf } from "./ways";

const InstallDialog = lazy(async () => ({ default: (await import("./InstallDialog")).InstallDialog }));

/** An account's connectors, its own and those it may use from above. */
export function ConnectorsTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/connectors" });
  const { query = "" } = useSearch({ from: "/inside/accounts/$account/connectors" });
  const navigate = useNavigate({ from: "/accounts/$account/connectors" });
  const may = useMay();
  const [installing, setInstalling] = useState(false);
  const connectors = useQuery(connectorsQuery(account));

  if (connectors.isError && !connectors.data) {
    return <Failure error={connectors.error} onRetry={() => connectors.refetch()} />;
  }
  const install = may("Accounts", "Edit") && may("Connectors") && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setInstalling(true)}>
      {t("connector.install.open")}
    </Button>
  );
  const wanted = query.toLowerCase();
  const shown = connectors.data?.filter((c) => `${c.Name} ${c.Connector.Name}`.toLowerCase().includes(wanted)) ?? [];
  const none = connectors.data?.length === 0;
  const columns: Column[] = [
    { key: "name", label: t("connector.connector"), width: 180 },
    { key: "state", label: t("connector.state"), width: 100 },
    { key: "auth", label: t("connector.auth"), width: 60, wide: true },
    { key: "origin", label: t("connector.origin"), width: 80, wide: true },
  ];
  return (
    <>
      {none ? (
        <Empty icon={Plug} title={t("connector.empty")}>
          <p>{t("connector.emptyHint")}</p>
          {install}
        </Empty>
      ) : (
        <div className="filters">
          <Search
            label={t("connector.search")}
            value={query}
            onChange={(v) => navigate({ search: { query: v || undefined }, replace: true })}
          />
          <span className="end">{install}</span>
        </div>
      )}
      {connectors.data && !none && shown.length === 0 && (
        <Empty icon={SearchX} title={t("list.noMatch")}>
          <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
            {t("action.clear")}
          </Button>
        </Empty>
      )}
      {(!connectors.data || shown.length > 0) && (
        <Table label={t("account.connectors")} columns={columns} loading={connectors.isPending ? 3 : undefined}>
          {shown.map((c) => (
            <ConnectorRow key={c.Id} account={account} connector={c} />
          ))}
        </Table>
      )}
      <Suspense>{installing && <InstallDialog account={account} onClose={() => setInstalling(false)} />}</Suspense>
    </>
  );
}

function ConnectorRow({ account, connector: c }: { account: string; connector: AccountConnector }) {
  const { t } = useTranslation();
  const authType = wayOf(c)?.AuthType ?? "None";
  const kind = kindOf(authType);
  return (
    <tr>
      <Cell>
        <div className={classes.name}>
          <ConnectorIcon icon={c.Connector.Icon} name={c.Name} />
          <div>
            <Link
              to="/accounts/$account/connectors/$connector"
              params={{ account, connector: String(c.Id) }}
              className="row-link"
            >
              {c.Name}
            </Link>
            <span>
              {c.Connector.Name} {c.Connector.Version}
              {c.UpdateAvailable && ` · ${t("connector.update.available", { version: c.UpdateAvailable.Version })}`}
            </span>
          </div>
        </div>
      </Cell>
      <Cell>
        <ConnectorState of={c} />
      </Cell>
      <Cell wide>{kind ? t(`authentication.${kind}`) : authType}</Cell>
      <Cell wide>{t(c.Inherited ? "connector.inherited" : "connector.own")}</Cell>
    </tr>
  );
}
