import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { useAddress } from "../ui/useAddress";
import { UsedConnectors } from "./CycleName";
import { offersQuery } from "./calls";
import classes from "./cycle.module.css";
import { UseDialog } from "./UseDialog";

/** The templates that an account can use: each makes a cycle of it. */
export function TemplatesTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/templates" });
  const navigate = useNavigate();
  const [address] = useAddress<ListFilter>();
  const list = useQuery(offersQuery(address));
  const [using, setUsing] = useState<Template | null>(null);
  const may = useMay();
  const columns: ListColumn<Template>[] = [
    {
      key: "name",
      label: t("cycle.template"),
      sort: "Name",
      width: 220,
      cell: (row) => (
        <div className={classes.name}>
          <strong>{row.Name}</strong>
          {row.Description && <p className={classes.describes}>{row.Description}</p>}
        </div>
      ),
    },
    { key: "connectors", label: t("account.connectors"), width: 120, cell: (row) => <UsedConnectors of={row} /> },
    {
      key: "tags",
      label: t("cycle.tags"),
      width: 60,
      wide: true,
      cell: (row) => <span className="faint">{row.Tags.join(", ")}</span>,
    },
    {
      key: "act",
      label: t("cycles.action"),
      silent: true,
      right: true,
      width: 50,
      cell: (row) =>
        may("Accounts", "Edit") && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("cycle.useOf", { name: row.Name })}
            onClick={() => setUsing(row)}
          >
            {t("cycle.use")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <List
        label={t("cycle.templates")}
        list={list}
        columns={columns}
        rowKey={(row) => row.Id}
        cards
        search={t("cycle.searchTemplates")}
        empty={{ icon: LayoutTemplate, title: t("cycle.noTemplates"), hint: t("cycle.noTemplatesHint") }}
      />
      {using && (
        <UseDialog
          account={account}
          template={using}
          onMade={(cycle) => navigate({ to: "/accounts/$account/cycles/$cycle", params: { account, cycle } })}
          onClose={() => setUsing(null)}
        />
      )}
    </>
  );
}
