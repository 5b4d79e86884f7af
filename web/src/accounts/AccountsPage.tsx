import { Button } from "@mantine/core";
import { type UseQueryResult, useInfiniteQuery, useQueries } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Building2, Plus, SearchX, Trash2 } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery, activityQuery } from "../account/calls";
import type { Account, AccountActivity } from "../api/schema";
import type { AccountFilters } from "../search";
import { useMay } from "../session/may";
import { Choice } from "../ui/Choice";
import { PageHead } from "../ui/PageHead";
import { Search } from "../ui/Search";
import { Empty, Failure } from "../ui/State";
import { type Column, Table } from "../ui/Table";
import { useAddress } from "../ui/useAddress";
import type { Asked } from "./AccountMenu";
import { AccountRow, type Figures, rowKeys } from "./AccountRow";
import classes from "./accounts.module.css";
import { treeRows } from "./tree";

const Bin = lazy(async () => ({ default: (await import("./Bin")).Bin }));
const AddAccountDialog = lazy(async () => ({ default: (await import("./AddAccountDialog")).AddAccountDialog }));
const ServiceDialog = lazy(async () => ({ default: (await import("../account/ServiceDialog")).ServiceDialog }));

/** The orders of the tree, but for that by name. */
const orders = {
  newest: { sort: "CreatedDate", down: true },
  oldest: { sort: "CreatedDate", down: undefined },
  byId: { sort: "Id", down: undefined },
} as const;
const names = ["newest", "oldest", "byId"] as const;

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
  const [{ query, sort, down }, set, clear] = useAddress<AccountFilters>();
  const list = useInfiniteQuery(accountsQuery({ query, sort, down }));
  const pages = list.data?.pages.map(({ page }) => activityQuery({ query, sort, down }, page)) ?? [];
  const figures = useQueries({ queries: pages, combine: byAccount });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const accounts = useMemo(() => list.data?.pages.flatMap((p) => p.rows) ?? [], [list.data]);
  const rows = useMemo(() => treeRows(accounts, folded, sort !== undefined), [accounts, folded, sort]);
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
    { key: "cycles", label: t("accounts.running"), width: 40, right: true, wide: true },
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
        <Search label={t("accounts.search")} value={query ?? ""} onChange={(v) => set({ query: v || undefined })} />
        {rows.length > 1 && (
          <Choice
            label={t("accounts.order")}
            all={t("accounts.byName")}
            value={names.find((o) => orders[o].sort === sort && orders[o].down === down)}
            options={names.map((value) => ({ value, label: t(`accounts.${value}`) }))}
            onChange={(o) => set(o ? orders[o] : { sort: undefined, down: undefined })}
          />
        )}
        {rows.length > 1 && <span className={`end ${classes.keys}`}>{t("accounts.keys")}</span>}
      </div>
      {list.isError && accounts.length === 0 ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : !list.isPending && accounts.length === 0 ? (
        <Nothing query={query} onClear={() => clear()} onAdd={mayAdd ? () => setOpen({ what: "add" }) : undefined} />
      ) : (
        <>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the links in it */}
          <div onKeyDown={rowKeys}>
            <Table label={t("accounts.title")} columns={columns} loading={list.isPending ? 8 : undefined}>
              {rows.map((row) => (
                <AccountRow
                  key={row.account.Id}
                  row={row}
                  figures={figures(row.account.Id)}
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

/** The figures of each account: null if there are none, undefined if they have yet to come. */
function byAccount(pages: UseQueryResult<AccountActivity[]>[]): (id: string) => Figures {
  const all = new Map(pages.flatMap((p) => p.data ?? []).map((a) => [a.Id, a]));
  const none = pages.some((p) => p.isPending) ? undefined : null;
  return (id) => all.get(id) ?? none;
}

function Nothing({ query, onClear, onAdd }: { query?: string; onClear(): void; onAdd?: () => void }) {
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
