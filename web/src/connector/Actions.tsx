import { Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArrowUp, KeyRound, Link2, Pencil, Play, PlugZap, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { RowMenu } from "../ui/RowMenu";
import { say } from "../ui/say";
import type { Asked } from "./ConnectorDialog";
import { connectorQuery, testConnector, useConnectorsChanged } from "./calls";

const ConnectorDialog = lazy(async () => ({ default: (await import("./ConnectorDialog")).ConnectorDialog }));

/** What can be done with an installed connector as a whole. */
export function Actions({
  account,
  of,
  onProblem,
}: {
  account: string;
  of: AccountConnector;
  onProblem(e: Error | null): void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const changed = useConnectorsChanged(account);
  const [open, setOpen] = useState<Asked>();
  const test = useMutation({
    mutationFn: () => testConnector(account, of.Id),
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: async (now) => {
      queries.setQueryData(connectorQuery(account, of.Id).queryKey, now);
      await changed();
      if (now.Authenticated && !now.AuthenticationNote) say(t("connector.test.done", { name: of.Name }));
      else onProblem(null);
    },
  });
  return (
    <>
      {of.UpdateAvailable && (
        <Button variant="default" leftSection={<ArrowUp size={15} aria-hidden />} onClick={() => setOpen("update")}>
          {t("connector.update.act", { version: of.UpdateAvailable.Version })}
        </Button>
      )}
      {of.Connector.Testable && of.Connector.AuthType !== "None" && (
        <Button
          variant="default"
          leftSection={<PlugZap size={15} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {t("connector.test.act")}
        </Button>
      )}
      <RowMenu label={t("connector.menu", { name: of.Name })}>
        <Menu.Item leftSection={<Play size={14} aria-hidden />} onClick={() => setOpen("try")}>
          {t("connector.try.act")}
        </Menu.Item>
        <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={() => setOpen("rename")}>
          {t("connector.rename.act")}
        </Menu.Item>
        <Menu.Item leftSection={<Link2 size={14} aria-hidden />} onClick={() => setOpen("setup")}>
          {t("connector.setup.act")}
        </Menu.Item>
        {of.Authenticated && of.Connector.AuthType !== "None" && (
          <Menu.Item leftSection={<KeyRound size={14} aria-hidden />} onClick={() => setOpen("forget")}>
            {t("connector.forget.act")}
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={() => setOpen("remove")}>
          {t("connector.remove.act")}
        </Menu.Item>
      </RowMenu>
      <Suspense>
        {open && (
          <ConnectorDialog
            what={open}
            account={account}
            of={of}
            onRemoved={() => navigate({ to: "/accounts/$account/connectors", params: { account } })}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
