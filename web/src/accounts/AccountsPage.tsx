import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "../account/calls";
import { usePageTitle } from "../shell/title";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { type Column, Table } from "../ui/Table";
import { AccountRow, rowKeys } from "./AccountRow";
import classes from "./accounts.module.css";
import { treeRows } from "./tree";

const firstAccount = `curl -X POST $TANDEM_URL/v1.0/accounts \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"Id":"page-turner","Name":"Page Turner Books"}'`;

/** The tree of accounts, with what each used. */
export function AccountsPage() {
  const { t, i18n } = useTranslation();
  const { query = "" } = useSearch({ from: "/inside/accounts" });
  const navigate = useNavigate({ from: "/accounts" });
  const list = useInfiniteQuery(accountsQuery(query));
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const accounts = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const rows = useMemo(() => treeRows(accounts, folded), [accounts, folded]);
  usePageTitle(t("accounts.title"));

  const fold = (id: string, close: boolean) =>
    setFolded((before) => {
      const after = new Set(before);
      if (close) after.add(id);
      else after.delete(id);
      return after;
    });
  const columns: Column[] = [
    { key: "name", label: t("accounts.name"), width: 180 },
    { key: "id", label: t("accounts.id"), width: 120, wide: true },
    { key: "status", label: t("accounts.status"), width: 70, wide: true },
    { key: "tasks", label: t("accounts.tasks"), width: 50, right: true },
    { key: "created", label: t("accounts.created"), width: 60, right: true, wide: true },
  ];
  const total = list.data?.pages[0]?.total ?? 0;
  const number = (n: number) => new Intl.NumberFormat(i18n.language).format(n);

  return (
    <>
      <div className={classes.head}>
        <h1>{t("accounts.title")}</h1>
        <p>{t("accounts.lead")}</p>
      </div>
      <div className="filters">
        <Search
          label={t("accounts.search")}
          value={query}
          onChange={(v) => navigate({ search: { query: v || undefined }, replace: true })}
        />
        {rows.length > 1 && <span className={`end ${classes.keys}`}>{t("accounts.keys")}</span>}
      </div>
      {list.isError && accounts.length === 0 ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : !list.isPending && accounts.length === 0 ? (
        <Nothing query={query} onClear={() => navigate({ search: {}, replace: true })} />
      ) : (
        <>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the links in it */}
          <div onKeyDown={rowKeys}>
            <Table label={t("accounts.title")} columns={columns} loading={list.isPending ? 8 : undefined}>
              {rows.map((row) => (
                <AccountRow key={row.account.Id} row={row} folded={folded.has(row.account.Id)} onFold={fold} />
              ))}
            </Table>
          </div>
          {list.data && (total > accounts.length || list.hasNextPage) && (
            <div className="more">
              {t("accounts.shown", { shown: number(accounts.length), total: number(total) })}
              {list.hasNextPage && (
                <Button
                  variant="default"
                  size="xs"
                  loading={list.isFetchingNextPage}
                  onClick={() => list.fetchNextPage()}
                >
                  {t("action.more")}
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </>
  );
}

function Nothing({ query, onClear }: { query: string; onClear(): void }) {
  const { t } = useTranslation();
  if (!query) {
    return (
      <Empty icon={Building2} title={t("accounts.empty")}>
        {t("accounts.emptyHint")}
        <pre>{firstAccount}</pre>
      </Empty>
    );
  }
  return (
    <Empty icon={SearchX} title={t("accounts.noMatch", { query })}>
      <p>{t("accounts.noMatchHint")}</p>
      <Button variant="default" onClick={onClear}>
        {t("action.clear")}
      </Button>
    </Empty>
  );
}
