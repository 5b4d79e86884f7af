import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PackageOpen, PencilLine, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Marketplace, MarketplacePackage } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { Confirm } from "../ui/Confirm";
import { List, type ListColumn } from "../ui/List";
import { RowMenu } from "../ui/RowMenu";
import { useAddress } from "../ui/useAddress";
import { deletePackage, packagesQuery, templateNamesQuery } from "./calls";
import classes from "./embedding.module.css";
import { PackageDialog } from "./PackageDialog";

/** What is in a marketplace, in the order in which customers see it. */
export function Packages({ of }: { of: Marketplace }) {
  const { t } = useTranslation();
  const may = useMay();
  const [address] = useAddress<ListFilter>();
  const list = useQuery(packagesQuery(of.Id, address));
  const names = new Map(useQuery(templateNamesQuery).data?.map((n) => [n.value, n.label]));
  const [open, setOpen] = useState<"new" | { what: "edit" | "delete"; of: MarketplacePackage }>();
  const close = () => setOpen(undefined);
  const columns: ListColumn<MarketplacePackage>[] = [
    { key: "order", label: t("embedding.order"), sort: "Order", width: 30, cell: (p) => p.Order },
    { key: "name", label: t("embedding.name"), sort: "Name", width: 120, cell: (p) => <strong>{p.Name}</strong> },
    {
      key: "templates",
      label: t("nav.templates"),
      width: 200,
      wide: true,
      cell: (p) => p.TemplateIds.map((id) => names.get(id) ?? id).join(", "),
    },
    {
      key: "menu",
      label: t("embedding.actions"),
      silent: true,
      right: true,
      width: 30,
      cell: (p) =>
        may("Marketplaces", "Edit") && (
          <RowMenu label={t("embedding.moreOf", { name: p.Name })}>
            <Menu.Item
              leftSection={<PencilLine size={15} aria-hidden />}
              onClick={() => setOpen({ what: "edit", of: p })}
            >
              {t("embedding.edit")}
            </Menu.Item>
            {may("Marketplaces", "Manage") && (
              <Menu.Item
                color="red"
                leftSection={<Trash2 size={15} aria-hidden />}
                onClick={() => setOpen({ what: "delete", of: p })}
              >
                {t("embedding.takeOut")}
              </Menu.Item>
            )}
          </RowMenu>
        ),
    },
  ];
  return (
    <>
      <div className={classes.partHead}>
        <h2>{t("embedding.packages")}</h2>
        {may("Marketplaces", "Edit") && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setOpen("new")}>
            {t("embedding.newPackage")}
          </Button>
        )}
      </div>
      <List
        label={t("embedding.packages")}
        list={list}
        columns={columns}
        rowKey={(p) => p.Id}
        empty={{ icon: PackageOpen, title: t("embedding.noPackages"), hint: t("embedding.noPackagesHint") }}
      />
      {open === "new" && <PackageDialog of={of} onClose={close} />}
      {open && open !== "new" && open.what === "edit" && <PackageDialog of={of} package={open.of} onClose={close} />}
      {open && open !== "new" && open.what === "delete" && (
        <Confirm
          title={t("embedding.takeOutOf", { name: open.of.Name })}
          act={t("embedding.takeOut")}
          done={t("embedding.takenOut", { name: open.of.Name })}
          stale={["marketplaces"]}
          run={() => deletePackage(of.Id, open.of.Id)}
          onClose={close}
        >
          <p>{t("embedding.takeOutSays")}</p>
        </Confirm>
      )}
    </>
  );
}
