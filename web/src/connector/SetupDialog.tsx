import { Button, NativeSelect } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import dialog from "../ui/Dialog.module.css";
import { Modal } from "../ui/Modal";
import { Time } from "../ui/Time";
import { makeSetupLink } from "./calls";
import classes from "./connector.module.css";

/** How long a link may work, in minutes. */
const lifetimes = [5, 60, 1440, 10_080] as const;

/** Makes a link by which somebody without an account gives the credentials, once. It is shown once. */
export function SetupDialog({ account, of, onClose }: { account: string; of: AccountConnector; onClose(): void }) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<number>(1440);
  const make = useMutation({ mutationFn: () => makeSetupLink(account, of.Id, minutes) });
  const title = t("connector.setup.title", { name: of.Name });
  if (!make.data) {
    return (
      <Dialog
        title={title}
        act={t("connector.setup.make")}
        busy={make.isPending}
        error={make.error}
        onAct={() => make.mutate()}
        onClose={onClose}
      >
        <p>{t("connector.setup.says", { name: of.Name })}</p>
        <NativeSelect
          label={t("connector.setup.lifetime")}
          value={String(minutes)}
          data={lifetimes.map((m) => ({ value: String(m), label: t(`connector.setup.m${m}`) }))}
          onChange={(e) => setMinutes(Number(e.currentTarget.value))}
        />
      </Dialog>
    );
  }
  return (
    <Modal onClose={onClose} title={title} keep>
      <div className={dialog.body}>
        <p>
          {t("connector.setup.once")} <Time at={make.data.ExpiresAtUtc} />
        </p>
        <code className={classes.link}>{make.data.SetupUrl}</code>
        <span>
          <CopyButton text={make.data.SetupUrl} label={t("connector.setup.copy")} />
        </span>
      </div>
      <div className={dialog.buttons}>
        <Button onClick={onClose}>{t("action.close")}</Button>
      </div>
    </Modal>
  );
}
