import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, Plus, SearchX, Trash2 } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "../account/calls";
import type { Account } from "../api/schema";
import { useMay } from "../session/may";
import { PageHead } from "../ui/PageHead";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { type Column, Table } from "../ui/Table";
import type { Asked } from "./AccountMenu";
import { AccountRow, rowKeys } from "./AccountRow";
import classes from "./accounts.module.css";
import { treeRows } from "./tree";

const Bin = lazy(async () => ({ default: (await import("./Bin")).Bin }));
const AddAccountDialog = lazy(async () => ({ default: (await import("./AddAccountDialog")).AddAccountDialog }));
const ServiceDialog = lazy(async () => ({ default: (await import("../account/ServiceDialog")).ServiceDialog }));

/** What is being done, and to which account; none: to one that is yet to be. */
type Open = { what: Asked; account?: Account };

/** The partner's accounts; those in the recycle bin, if the address says so. */
export function AccountsPage() {
  const { deleted } = useSearch({ from: "/inside/accounts" });
  return deleted ? (
    <Suspense>
      <Bin />
    </Suspense>
  ) : (
    <Tree />
  );
}

/** The tree of accounts, with what each used. */
function Tree() {
  const { t, i18n } = useTranslation();
  const { query = "" } = useSearch({ from: "/inside/accounts" });
  const navigate = useNavigate({ from: "/accounts" });
  const list = useInfiniteQuery(accountsQuery(query));
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const accounts = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const rows = useMemo(() => treeRows(accounts, folded), [accounts, folded]);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const mayAdd = useMay()("Accounts", "Edit");

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
    { key: "cycles", label: t("account.running"), width: 40, right: true, wide: true },
    { key: "activity", label: t("cycle.activity"), width: 96, right: true, wide: true },
    { key: "tasks", label: t("accounts.tasks"), width: 50, right: true },
    { key: "errors", label: t("account.errors"), width: 40, right: true, wide: true },
    { key: "last", label: t("accounts.last"), width: 60, right: true, wide: true },
    { key: "menu", label: t("cycles.action"), width: 24, right: true, silent: true },
  ];
  const total = list.data?.pages[0]?.total ?? 0;
  const number = (n: number) => new Intl.NumberFormat(i18n.language).format(n);

  return (
    <>
      <PageHead title={t("accounts.title")} lead={t("accounts.lead")} docs="accounts">
        <Button
          variant="default"
          leftSection={<Trash2 size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/accounts" search={{ deleted: true }} {...props} />}
        >
          {t("tenant.bin.link")}
        </Button>
        {mayAdd && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setOpen({ what: "add" })}>
            {t("tenant.add")}
          </Button>
        )}
      </PageHead>
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
        <Nothing
          query={query}
          onClear={() => navigate({ search: {}, replace: true })}
          onAdd={mayAdd ? () => setOpen({ what: "add" }) : undefined}
        />
      ) : (
        <>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the links in it */}
          <div onKeyDown={rowKeys}>
            <Table label={t("accounts.title")} columns={columns} loading={list.isPending ? 8 : undefined}>
              {rows.map((row) => (
                <AccountRow
                  key={row.account.Id}
                  row={row}
                  folded={folded.has(row.account.Id)}
                  onFold={fold}
                  onAsk={(what, account) => setOpen({ what, account })}
                />
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
      <Suspense>
        {open?.what === "add" && <AddAccountDialog parent={open.account} onClose={close} />}
        {open?.account && open.what !== "add" && (
          <ServiceDialog what={open.what} account={open.account} onClose={close} />
        )}
      </Suspense>
    </>
  );
}

function Nothing({ query, onClear, onAdd }: { query: string; onClear(): void; onAdd?: () => void }) {
  const { t } = useTranslation();
  if (!query) {
    return (
      <Empty icon={Building2} title={t("accounts.empty")}>
        <p>{t("accounts.emptyHint")}</p>
        {onAdd && <Button onClick={onAdd}>{t("tenant.addFirst")}</Button>}
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
