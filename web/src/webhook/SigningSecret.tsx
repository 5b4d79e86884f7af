import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../ui/Confirm";
import { Dialog } from "../ui/Dialog";
import { OnceDialog } from "../ui/OnceDialog";
import { say } from "../ui/say";
import { dropSecret, newSecret } from "./calls";
import classes from "./webhook.module.css";

/** By what receivers know who tells them: the partner's secret, or an account's own. */
export function SigningSecret({ account }: { account?: string }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<"make" | "drop" | null>(null);
  const making = useMutation({
    mutationFn: () => newSecret(account),
    onSuccess: () => {
      setAsked(null);
      say(t("webhook.secretMade"));
    },
  });
  const close = () => setAsked(null);
  return (
    <section className={classes.secret}>
      <div>
        <h2>{t("webhook.secret")}</h2>
        <p>{t("webhook.secretLead")}</p>
      </div>
      <div className={classes.acts}>
        {account && (
          <Button variant="default" onClick={() => setAsked("drop")}>
            {t("webhook.secretDrop")}
          </Button>
        )}
        <Button variant="default" onClick={() => setAsked("make")}>
          {t("webhook.secretNew")}
        </Button>
      </div>
      {asked === "make" && (
        <Dialog
          title={t("webhook.secretTitle")}
          act={t("webhook.secretNew")}
          busy={making.isPending}
          error={making.error}
          onAct={making.mutate}
          onClose={close}
        >
          <p>{t("webhook.secretHint")}</p>
        </Dialog>
      )}
      {asked === "drop" && account && (
        <Confirm
          title={t("webhook.secretDropTitle")}
          act={t("webhook.secretDrop")}
          done={t("webhook.secretDropped")}
          stale={["webhook"]}
          run={() => dropSecret(account)}
          onClose={close}
        >
          <p>{t("webhook.secretDropHint")}</p>
        </Confirm>
      )}
      {making.data && (
        <OnceDialog
          title={t("webhook.secret")}
          lead={t("webhook.secretOnce")}
          parts={[{ label: t("webhook.secret"), text: making.data.Secret }]}
          onClose={making.reset}
        />
      )}
    </section>
  );
}
