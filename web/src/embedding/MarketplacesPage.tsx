import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, Store, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Marketplace } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { RowMenu } from "../ui/RowMenu";
import { useAddress } from "../ui/useAddress";
import { marketplacesQuery } from "./calls";
import { DeleteDialog } from "./DeleteDialog";
import { NewDialog } from "./NewDialog";

/** The stores of packages that customers choose from. */
export function MarketplacesPage() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [address] = useAddress<ListFilter>();
  const list = useQuery(marketplacesQuery(address));
  const [open, setOpen] = useState<"new" | Marketplace>();
  const close = () => setOpen(undefined);
  const add = may("Marketplaces", "Edit") && (
    <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setOpen("new")}>
      {t("embedding.new")}
    </Button>
  );
  const columns: ListColumn<Marketplace>[] = [
    {
      key: "name",
      label: t("embedding.name"),
      sort: "Name",
      width: 140,
      cell: (m) => (
        <Link to="/marketplaces/$marketplace" params={{ marketplace: String(m.Id) }} className="row-link">
          {m.Name}
        </Link>
      ),
    },
    { key: "description", label: t("embedding.description"), width: 200, wide: true, cell: (m) => m.Description },
    { key: "id", label: t("embedding.id"), sort: "Id", width: 30, right: true, cell: (m) => m.Id },
  ];
  if (may("Marketplaces", "Manage")) {
    columns.push({
      key: "menu",
      label: t("embedding.actions"),
      silent: true,
      right: true,
      width: 30,
      cell: (m) => (
        <RowMenu label={t("embedding.moreOf", { name: m.Name })}>
          <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => setOpen(m)}>
            {t("embedding.delete")}
          </Menu.Item>
        </RowMenu>
      ),
    });
  }
  return (
    <>
      <PageHead title={t("nav.marketplaces")} lead={t("embedding.marketplacesLead")} docs="embedding#marketplaces">
        {add}
      </PageHead>
      <List
        label={t("nav.marketplaces")}
        list={list}
        columns={columns}
        rowKey={(m) => m.Id}
        search={t("embedding.search")}
        empty={{ icon: Store, title: t("embedding.none"), hint: t("embedding.noneHint") }}
      />
      {open === "new" && (
        <NewDialog
          onDone={(m) => navigate({ to: "/marketplaces/$marketplace", params: { marketplace: String(m.Id) } })}
          onClose={close}
        />
      )}
      {open && open !== "new" && <DeleteDialog of={open} onDone={close} onClose={close} />}
    </>
  );
}
