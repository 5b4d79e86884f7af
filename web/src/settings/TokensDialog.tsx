import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveToken, OAuthClient } from "../api/schema";
import { useMay } from "../session/may";
import { Confirm } from "../ui/Confirm";
import { Modal } from "../ui/Modal";
import { Pager } from "../ui/Pager";
import { Failure } from "../ui/State";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { revokeToken, tokensQuery } from "./calls";

/** The access tokens of a client that work yet: when they were got, what for, and until when. */
export function TokensDialog({ client, onClose }: { client: OAuthClient; onClose(): void }) {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const [ending, setEnding] = useState<LiveToken | null>(null);
  const list = useQuery(tokensQuery(client.Id, page));
  const columns: Column[] = [
    { key: "account", label: t("settings.clients.account") },
    { key: "issued", label: t("settings.clients.issued") },
    { key: "expires", label: t("settings.clients.expires"), wide: true },
    { key: "end", label: t("settings.actions"), silent: true, right: true },
  ];
  if (ending) {
    return (
      <Confirm
        title={t("settings.clients.endTitle")}
        act={t("settings.clients.end")}
        done={t("settings.clients.ended")}
        stale={["oauthclients", client.Id]}
        run={() => revokeToken(client.Id, ending.Id)}
        onClose={() => setEnding(null)}
      >
        <p>{t("settings.clients.endLead")}</p>
      </Confirm>
    );
  }
  return (
    <Modal onClose={onClose} size="lg" title={t("settings.clients.tokensOf", { name: client.Name })}>
      <p>{t("settings.clients.tokensLead")}</p>
      {list.isError && !list.data ? (
        <Failure error={list.error} onRetry={() => list.refetch()} />
      ) : list.data?.total === 0 ? (
        <p className="faint">{t("settings.clients.noTokens")}</p>
      ) : (
        <Table
          label={t("settings.clients.tokensOf", { name: client.Name })}
          columns={columns}
          loading={list.isPending ? 3 : undefined}
        >
          {list.data?.rows.map((token) => (
            <Row key={token.Id} token={token} onEnd={() => setEnding(token)} />
          ))}
        </Table>
      )}
      <Pager page={page} pages={list.data?.pages ?? 1} onPage={setPage} />
    </Modal>
  );
}

function Row({ token, onEnd }: { token: LiveToken; onEnd(): void }) {
  const { t } = useTranslation();
  const mayManage = useMay()("Security", "Manage");
  return (
    <tr>
      <Cell>{token.AccountName ?? t("settings.clients.anyAccount")}</Cell>
      <Cell>
        <Time at={token.IssuedDate} />
      </Cell>
      <Cell wide>
        <Time at={token.ExpiresDate} />
      </Cell>
      <Cell right>
        {mayManage && (
          <Button variant="subtle" size="compact-sm" onClick={onEnd}>
            {t("settings.clients.end")}
          </Button>
        )}
      </Cell>
    </tr>
  );
}
