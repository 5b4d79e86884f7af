import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { useMay } from "../session/may";
import { List, type ListColumn } from "../ui/List";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import type { LibraryFilter } from "./address";
import { restoreTemplate, templatesQuery, useChanged } from "./calls";

/** What was deleted within the last 90 days, and can be had back. */
export function Bin() {
  const { t } = useTranslation();
  const may = useMay();
  const changed = useChanged();
  const [address] = useAddress<LibraryFilter>();
  const list = useQuery(templatesQuery(address));
  const restore = useMutation({
    mutationFn: restoreTemplate,
    onSuccess: async ({ Name: name }) => {
      await changed();
      say(t("template.restored", { name }));
    },
  });
  const columns: ListColumn<Template>[] = [
    { key: "name", label: t("template.template"), sort: "Name", width: 200, cell: (row) => row.Name },
    { key: "deleted", label: t("template.deletedOn"), width: 60, cell: (row) => <Time at={row.DeletedOnUtc} /> },
    {
      key: "act",
      label: t("template.actions"),
      silent: true,
      right: true,
      width: 60,
      cell: (row) =>
        may("Templates", "Edit") && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("template.restoreOf", { name: row.Name })}
            loading={restore.isPending && restore.variables === row.Id}
            onClick={() => restore.mutate(row.Id)}
          >
            {t("template.restore")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <Refusal error={restore.error} />
      <List
        label={t("template.bin")}
        list={list}
        columns={columns}
        rowKey={(row) => row.Id}
        search={t("template.search")}
        place={["deleted"]}
        empty={{ icon: Trash2, title: t("template.emptyBin"), hint: t("template.emptyBinHint") }}
      />
    </>
  );
}
