import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountField } from "../account/AccountField";
import { ApiError } from "../api/client";
import type { OAuthClient } from "../api/schema";
import { Confirm } from "../ui/Confirm";
import { Dialog } from "../ui/Dialog";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { OnceDialog } from "../ui/OnceDialog";
import { say } from "../ui/say";
import { createClient, deleteClient, getToken, renameClient, rotateClient } from "./calls";
import { TokensDialog } from "./TokensDialog";

export type Asked =
  | { what: "create" }
  | { what: "rename" | "rotate" | "delete" | "token" | "tokens"; client: OAuthClient };

/** What is done with OAuth clients, one dialog at a time. */
export function ClientDialogs({ asked, onAsk }: { asked: Asked; onAsk(next: Asked | null): void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<OAuthClient | null>(null);
  const close = () => onAsk(null);
  if (made) return <Secret of={made} onClose={close} />;
  switch (asked.what) {
    case "create":
      return <NameDialog onDone={setMade} onClose={close} />;
    case "rename":
      return <NameDialog client={asked.client} onDone={close} onClose={close} />;
    case "rotate":
      return <RotateDialog client={asked.client} onDone={setMade} onClose={close} />;
    case "token":
      return <TokenDialog client={asked.client} onClose={close} />;
    case "tokens":
      return <TokensDialog client={asked.client} onClose={close} />;
    case "delete":
      return (
        <Confirm
          title={t("settings.clients.deleteTitle", { name: asked.client.Name })}
          act={t("settings.clients.delete")}
          done={t("settings.clients.deleted", { name: asked.client.Name })}
          stale={["oauthclients"]}
          run={() => deleteClient(asked.client.Id)}
          onClose={close}
        >
          <p>{t("settings.clients.deleteLead")}</p>
        </Confirm>
      );
  }
}

interface Props {
  client?: OAuthClient;
  onDone(made: OAuthClient): void;
  onClose(): void;
}

function NameDialog({ client, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return (
    <FormDialog
      title={client ? t("settings.clients.renameTitle", { name: client.Name }) : t("settings.clients.create")}
      act={t(client ? "settings.clients.rename" : "settings.clients.create")}
      values={{ Name: client?.Name ?? "" }}
      save={({ Name }) => (client ? renameClient(client.Id, Name) : createClient(Name))}
      onDone={(now) => {
        void queries.invalidateQueries({ queryKey: ["oauthclients"] });
        say(t(client ? "settings.clients.renamed" : "settings.clients.created", { name: now.Name }));
        onDone(now);
      }}
      onClose={onClose}
    >
      <TextField
        name="Name"
        label={t("settings.clients.name")}
        description={t("settings.clients.nameHint")}
        autoComplete="off"
        required
        data-autofocus
      />
    </FormDialog>
  );
}

function RotateDialog({ client, onDone, onClose }: Props & { client: OAuthClient }) {
  const { t } = useTranslation();
  const rotating = useMutation({ mutationFn: () => rotateClient(client.Id), onSuccess: onDone });
  return (
    <Dialog
      title={t("settings.clients.rotateTitle", { name: client.Name })}
      act={t("settings.clients.rotate")}
      danger
      busy={rotating.isPending}
      error={rotating.error}
      onAct={rotating.mutate}
      onClose={onClose}
    >
      <p>{t("settings.clients.rotateLead")}</p>
    </Dialog>
  );
}

function Secret({ of: client, onClose }: { of: OAuthClient; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <OnceDialog
      title={client.Name}
      lead={t("settings.clients.secretLead")}
      parts={[
        { label: t("settings.clients.id"), text: client.Id },
        { label: t("settings.clients.secret"), text: client.ClientSecret ?? "" },
      ]}
      onClose={onClose}
    />
  );
}

function TokenDialog({ client, onClose }: { client: OAuthClient; onClose(): void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState<string | null>(null);
  if (token) {
    return (
      <OnceDialog
        title={t("settings.clients.tokenOf", { name: client.Name })}
        lead={t("settings.clients.tokenOnce")}
        parts={[{ label: t("settings.clients.accessToken"), text: token }]}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t("settings.clients.tokenOf", { name: client.Name })}
      act={t("settings.clients.token")}
      values={{ Secret: "", Account: null as string | null }}
      save={async ({ Secret, Account }) => {
        const answer = await getToken(client.Id, Secret.trim(), Account).catch((e: unknown) => {
          // The protocol has words of its own for it.
          if (!(e instanceof ApiError) || e.status >= 429) throw e;
          const message = t("settings.clients.wrong");
          throw new ApiError(e.status, message, e.requestId, { Secret: message });
        });
        return answer.access_token ?? "";
      }}
      onDone={setToken}
      onClose={onClose}
    >
      <p>{t("settings.clients.tokenLead")}</p>
      <TextField
        name="Secret"
        type="password"
        label={t("settings.clients.secret")}
        autoComplete="off"
        required
        data-autofocus
      />
      <AccountField
        name="Account"
        label={t("settings.clients.account")}
        description={t("settings.clients.accountHint")}
      />
    </FormDialog>
  );
}
