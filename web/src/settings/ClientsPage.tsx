import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { KeyRound, KeySquare, ListChecks, Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OAuthClient } from "../api/schema";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { RowMenu } from "../ui/RowMenu";
import { Time } from "../ui/Time";
import type { Asked } from "./ClientDialogs";
import { clientsQuery } from "./calls";
import { useEverything } from "./useEverything";

const ClientDialogs = lazy(async () => ({ default: (await import("./ClientDialogs")).ClientDialogs }));

/** As many a partner may have. */
const most = 5;

/** The partner's own programs. */
export function ClientsPage() {
  const { t } = useTranslation();
  const list = useQuery(clientsQuery(useSearch({ from: "/inside/settings/clients" })));
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = useEverything();
  const full = (list.data?.total ?? 0) >= most;
  return (
    <>
      <PageHead
        title={t("settings.clients.title")}
        lead={t(full ? "settings.clients.leadFull" : "settings.clients.lead", { count: most })}
        docs="console-users#oauth-clients"
      >
        {all && !full && (
          <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setAsked({ what: "create" })}>
            {t("settings.clients.create")}
          </Button>
        )}
      </PageHead>
      <List
        label={t("settings.clients.title")}
        list={list}
        columns={useColumns(setAsked)}
        rowKey={(c) => c.Id}
        empty={{ icon: KeyRound, title: t("settings.clients.empty"), hint: t("settings.clients.emptyHint") }}
      />
      <Suspense>{asked && <ClientDialogs asked={asked} onAsk={setAsked} />}</Suspense>
    </>
  );
}

function useColumns(onAsk: (a: Asked) => void): ListColumn<OAuthClient>[] {
  const { t } = useTranslation();
  return [
    { key: "name", label: t("settings.clients.name"), sort: "Name", cell: (c) => c.Name },
    { key: "id", label: t("settings.clients.id"), cell: (c) => <CopyId id={c.Id} /> },
    {
      key: "created",
      label: t("settings.created"),
      sort: "CreatedDate",
      wide: true,
      cell: (c) => <Time at={c.CreatedDate} />,
    },
    {
      key: "menu",
      label: t("settings.actions"),
      silent: true,
      right: true,
      cell: (c) => <Actions of={c} onAsk={onAsk} />,
    },
  ];
}

function Actions({ of: client, onAsk }: { of: OAuthClient; onAsk(a: Asked): void }) {
  const { t } = useTranslation();
  const mayManage = useMay()("Security", "Manage");
  const all = useEverything();
  return (
    <RowMenu label={t("settings.menu", { name: client.Name })}>
      <Menu.Item leftSection={<KeySquare size={14} aria-hidden />} onClick={() => onAsk({ what: "token", client })}>
        {t("settings.clients.token")}
      </Menu.Item>
      <Menu.Item leftSection={<ListChecks size={14} aria-hidden />} onClick={() => onAsk({ what: "tokens", client })}>
        {t("settings.clients.tokens")}
      </Menu.Item>
      {mayManage && (
        <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={() => onAsk({ what: "rename", client })}>
          {t("settings.clients.rename")}
        </Menu.Item>
      )}
      {all && (
        <Menu.Item leftSection={<RefreshCw size={14} aria-hidden />} onClick={() => onAsk({ what: "rotate", client })}>
          {t("settings.clients.rotate")}
        </Menu.Item>
      )}
      {mayManage && (
        <Menu.Item
          color="red"
          leftSection={<Trash2 size={14} aria-hidden />}
          onClick={() => onAsk({ what: "delete", client })}
        >
          {t("settings.clients.delete")}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
