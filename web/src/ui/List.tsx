import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { type LucideIcon, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "../api/client";
import type { ListFilter } from "../search";
import { Pager } from "./Pager";
import { Search } from "./Search";
import { Empty, Failure } from "./State";
import { Cell, type Column, Table } from "./Table";
import { useAddress } from "./useAddress";

export interface ListColumn<T> extends Column {
  cell(row: T): ReactNode;
}

export interface ListProps<T> {
  label: string;
  list: UseQueryResult<Page<T>>;
  columns: ListColumn<T>[];
  rowKey(row: T): string | number;
  /** What the search field is for; none: the list has no search. */
  search?: string;
  /** Further filters, beside the search. */
  filters?: ReactNode;
  /** What can be done with the whole, at the end of the filters. */
  actions?: ReactNode;
  /** On a phone each row is a card. */
  cards?: boolean;
  /** Properties of the address that say where one is, not what one looks for. */
  place?: readonly string[];
  /** What stands there when there is nothing yet, and what to do about it. */
  empty: { icon: LucideIcon; title: string; hint?: ReactNode };
}

/** A list of the server's: its search, filters, order and page live in the address. */
export function List<T>({
  label,
  list,
  columns,
  rowKey,
  search,
  filters,
  actions,
  cards,
  place = [],
  empty,
}: ListProps<T>) {
  const { t } = useTranslation();
  const [address, set, clear] = useAddress<ListFilter>();
  const { query, sort, down, page = 1 } = address;
  const narrowed = Object.entries(address).some(
    ([name, v]) => !["page", "sort", "down", ...place].includes(name) && v !== undefined,
  );
  const nothing = list.data?.rows.length === 0;
  return (
    <>
      {(search || filters || actions) && !(nothing && !narrowed && !actions) && (
        <div className="filters">
          {search && <Search label={search} value={query ?? ""} onChange={(v) => set({ query: v || undefined })} />}
          {filters}
          {actions && <span className="end">{actions}</span>}
        </div>
      )}
      {list.isError && !list.data ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : nothing && (narrowed || page > 1) ? (
        <Empty icon={SearchX} title={t("list.noMatch")}>
          <Button variant="default" onClick={() => clear(place)}>
            {t("action.clear")}
          </Button>
        </Empty>
      ) : nothing ? (
        <Empty icon={empty.icon} title={empty.title}>
          {empty.hint}
        </Empty>
      ) : (
        <>
          <Table
            label={label}
            columns={columns}
            cards={cards}
            loading={list.isPending ? 6 : undefined}
            sorting={{ by: sort, down, onSort: (by, d) => set({ sort: by, down: d || undefined }) }}
          >
            {list.data?.rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((c) => (
                  <Cell
                    key={c.key}
                    right={c.right}
                    wide={c.wide}
                    head={c.head}
                    name={cards && !c.silent && (c.right || c.named) ? c.label : undefined}
                  >
                    {c.cell(row)}
                  </Cell>
                ))}
              </tr>
            ))}
          </Table>
          {list.data && (
            <Pager page={page} pages={list.data.pages} onPage={(n) => set({ page: n > 1 ? n : undefined })} />
          )}
        </>
      )}
    </>
  );
}
