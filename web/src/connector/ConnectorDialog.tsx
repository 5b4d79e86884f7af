import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { changeConnector, forgetCredentials, removeConnector, useConnectorsChanged, usesQuery } from "./calls";
import { SetupDialog } from "./SetupDialog";
import { TryDialog } from "./TryDialog";
import { UseList } from "./Uses";

/** What was asked for with an installed connector. */
export type Asked = "try" | "rename" | "setup" | "forget" | "update" | "remove";

interface Props {
  account: string;
  of: AccountConnector;
  onRemoved(): Promise<void>;
  onClose(): void;
}

export function ConnectorDialog({ what, ...props }: Props & { what: Asked }) {
  const { [what]: Of } = {
    try: TryDialog,
    rename: RenameDialog,
    setup: SetupDialog,
    forget: ForgetDialog,
    update: UpdateDialog,
    remove: RemoveDialog,
  };
  return <Of {...props} />;
}

function RenameDialog({ account, of, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  return (
    <FormDialog
      title={t("connector.rename.title", { name: of.Name })}
      act={t("form.save")}
      values={{ Name: of.Name, Description: of.Description }}
      save={(form) => changeConnector(account, of.Id, form)}
      onDone={async () => {
        await changed();
        say(t("form.saved"));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField
        name="Name"
        label={t("connector.name")}
        description={t("connector.rename.hint", { name: of.Connector.Name })}
        autoComplete="off"
        data-autofocus
      />
      <AreaField name="Description" label={t("connector.description")} />
    </FormDialog>
  );
}

/** Forgets the credentials. */
function ForgetDialog({ account, of, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const forget = useMutation({
    mutationFn: () => forgetCredentials(account, of.Id),
    onSuccess: async () => {
      await changed();
      say(t("connector.forget.done", { name: of.Name }));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("connector.forget.title", { name: of.Name })}
      act={t("connector.forget.act")}
      danger
      busy={forget.isPending}
      error={forget.error}
      onAct={() => forget.mutate()}
      onClose={onClose}
    >
      <p>{t("connector.forget.says")}</p>
      <Users account={account} of={of} />
    </Dialog>
  );
}

/** Moves it, with all steps that use it, to the newer release of the library. */
function UpdateDialog({ account, of, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const to = of.UpdateAvailable;
  const update = useMutation({
    mutationFn: () => changeConnector(account, of.Id, { ConnectorId: to?.ConnectorId }),
    onSuccess: async () => {
      await changed();
      say(t("connector.update.done", { name: of.Name, version: to?.Version }));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("connector.update.title", { name: of.Name, version: to?.Version })}
      act={t("connector.update.do")}
      busy={update.isPending}
      error={update.error}
      onAct={() => update.mutate()}
      onClose={onClose}
    >
      <p>{t("connector.update.says")}</p>
      {to?.ReleaseNotes && <p>{to.ReleaseNotes}</p>}
      <Users account={account} of={of} />
    </Dialog>
  );
}

function RemoveDialog({ account, of, onRemoved, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const uses = useQuery(usesQuery(account, of.Id));
  const remove = useMutation({
    mutationFn: () => removeConnector(account, of.Id),
    onSuccess: async () => {
      onClose();
      await onRemoved();
      await changed();
      say(t("connector.remove.done", { name: of.Name }));
    },
  });
  return (
    <Dialog
      title={t("connector.remove.title", { name: of.Name })}
      act={t("connector.remove.act")}
      danger
      blocked={uses.isPending}
      busy={remove.isPending}
      error={remove.error ?? uses.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t("connector.remove.says")}</p>
      <Users account={account} of={of} />
    </Dialog>
  );
}

/** Which cycles and steps are concerned. */
function Users({ account, of }: { account: string; of: AccountConnector }) {
  const { t } = useTranslation();
  const uses = useQuery(usesQuery(account, of.Id)).data;
  if (!uses) return null;
  if (uses.length === 0) return <p>{t("connector.uses.none")}</p>;
  const steps = uses.reduce((n, u) => n + u.steps.length, 0);
  return (
    <>
      <p>
        {t("connector.uses.many", {
          cycles: t("connector.uses.cycles", { count: uses.length }),
          steps: t("connector.uses.steps", { count: steps }),
        })}
      </p>
      <UseList account={account} uses={uses} />
    </>
  );
}
