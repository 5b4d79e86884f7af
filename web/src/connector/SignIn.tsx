import { Button } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { CredentialForm } from "./CredentialForm";
import classes from "./connector.module.css";
import { wayOf } from "./ways";

/** How the connector signs in to its third party, and what for. */
export function SignIn({ account, of, readOnly }: { account: string; of: AccountConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const way = wayOf(of);
  const none = of.Connector.Authentication.every((a) => a.AuthType === "None");
  const open = !readOnly && !none && (changing || !of.Authenticated);
  return (
    <section className={classes.part} aria-labelledby="sign-in">
      <h2 id="sign-in">{t("connector.signIn.title")}</h2>
      {of.AuthenticationNote && <Refusal problem={of.AuthenticationNote} />}
      {none ? (
        <p className="faint">{t("connector.signIn.none")}</p>
      ) : of.Inherited ? (
        <p className="faint">{t("connector.signIn.inherited")}</p>
      ) : (
        !open && (
          <p className={classes.line}>
            <KeyRound size={15} aria-hidden />
            <span>
              {of.Authenticated
                ? t("connector.signIn.held", { way: way?.Name || way?.AuthType })
                : t("connector.signIn.missing")}
            </span>
            {!readOnly && (
              <Button variant="default" size="xs" onClick={() => setChanging(true)}>
                {t("connector.signIn.change")}
              </Button>
            )}
          </p>
        )
      )}
      {open && (
        <CredentialForm
          key={of.Connector.Id}
          account={account}
          of={of}
          onDone={() => setChanging(false)}
          onCancel={of.Authenticated ? () => setChanging(false) : undefined}
        />
      )}
    </section>
  );
}
