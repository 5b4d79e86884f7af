import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plug, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { CopyId } from "../ui/CopyId";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { Status } from "../ui/Status";
import { Cell, type Column, Table } from "../ui/Table";
import { ConnectorIcon } from "./ConnectorIcon";
import { connectorsQuery } from "./calls";
import classes from "./connector.module.css";

/** Those with words of their own; any other is shown as the connector names it. */
const authTypes = ["None", "ApiKey", "Basic"] as const;

/** An account's connectors, its own and those it may use from above. */
export function ConnectorsTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/connectors" });
  const { query = "" } = useSearch({ from: "/inside/accounts/$account/connectors" });
  const navigate = useNavigate({ from: "/accounts/$account/connectors" });
  const connectors = useQuery(connectorsQuery(account));

  if (connectors.isError && !connectors.data) {
    return <Failure error={connectors.error} onRetry={() => connectors.refetch()} />;
  }
  if (connectors.data?.length === 0) {
    return (
      <Empty icon={Plug} title={t("connectors.empty")}>
        {t("connectors.emptyHint")}
        <pre>{"POST /v1.0/connectors/{id}/install"}</pre>
      </Empty>
    );
  }
  const wanted = query.toLowerCase();
  const shown = connectors.data?.filter((c) => `${c.Name} ${c.Connector.Name}`.toLowerCase().includes(wanted)) ?? [];
  const columns: Column[] = [
    { key: "name", label: t("connectors.name"), width: 180 },
    { key: "state", label: t("connectors.state"), width: 100 },
    { key: "auth", label: t("connectors.auth"), width: 60, wide: true },
    { key: "origin", label: t("connectors.origin"), width: 80, wide: true },
    { key: "id", label: t("accounts.id"), width: 40, right: true, wide: true },
  ];
  return (
    <>
      <div className="filters">
        <Search
          label={t("connectors.search")}
          value={query}
          onChange={(v) => navigate({ search: { query: v || undefined }, replace: true })}
        />
      </div>
      {connectors.data && shown.length === 0 ? (
        <Empty icon={SearchX} title={t("connectors.noMatch")}>
          <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
            {t("action.clear")}
          </Button>
        </Empty>
      ) : (
        <Table label={t("account.connectors")} columns={columns} loading={connectors.isPending ? 3 : undefined}>
          {shown.map((c) => (
            <ConnectorRow key={c.Id} connector={c} />
          ))}
        </Table>
      )}
    </>
  );
}

function ConnectorRow({ connector: c }: { connector: AccountConnector }) {
  const { t } = useTranslation();
  const auth = authTypes.find((a) => a === c.Connector.AuthType);
  const release = `${c.Connector.Name} ${c.Connector.Version}`;
  return (
    <tr>
      <Cell>
        <div className={classes.name}>
          <ConnectorIcon icon={c.Connector.Icon} name={c.Name} />
          <div>
            <strong>{c.Name}</strong>
            <span>{release}</span>
          </div>
        </div>
      </Cell>
      <Cell>
        <Status of={c.AuthenticationState} />
      </Cell>
      <Cell wide>{auth ? t(`connectors.auths.${auth}`) : c.Connector.AuthType}</Cell>
      <Cell wide>{t(c.Inherited ? "connectors.inherited" : "connectors.own")}</Cell>
      <Cell right wide>
        <CopyId id={String(c.Id)} />
      </Cell>
    </tr>
  );
}
