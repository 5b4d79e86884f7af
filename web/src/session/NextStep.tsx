import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../ui/CopyButton";
import { Card } from "./Card";
import { confirmCode, type Entry, enrol, trimCode } from "./door";
import classes from "./SignInPage.module.css";

interface NextStepProps {
  entry: Entry;
  onDone(next: Entry): void;
  onEnter(session: Entry): void;
  onRestart(): void;
}

/** What follows the password: a code, a second factor to set up, recovery codes to keep. */
export function NextStep({ entry, onDone, onEnter, onRestart }: NextStepProps) {
  const { t } = useTranslation();
  const token = entry.Token ?? "";
  const enrols = entry.Next === "Enrol";
  const enrolment = useQuery({
    queryKey: ["enrol", token],
    queryFn: () => enrol(token),
    enabled: enrols,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const confirm = useMutation({ mutationFn: (code: string) => confirmCode(token, code), onSuccess: onDone });
  if (entry.RecoveryCodes) {
    return (
      <Card title={t("entry.codesTitle")} lead={t("entry.codesLead")} onSubmit={() => onEnter(entry)}>
        <RecoveryCodes codes={entry.RecoveryCodes} />
        <Button type="submit" fullWidth>
          {t("entry.kept")}
        </Button>
      </Card>
    );
  }
  return (
    <Card
      title={enrols ? t("entry.enrolTitle") : t("entry.codeTitle")}
      lead={enrols ? t("entry.enrolLead") : t("entry.codeLead")}
      error={confirm.isPending ? null : (confirm.error ?? enrolment.error)}
      onSubmit={(form) => confirm.mutate(trimCode(String(form.get("code"))))}
    >
      {enrolment.data && <Secret secret={enrolment.data.Secret} url={enrolment.data.Url} />}
      <TextInput label={t("entry.code")} name="code" autoComplete="one-time-code" autoFocus />
      <Button type="submit" fullWidth loading={confirm.isPending}>
        {t("entry.confirm")}
      </Button>
      <Button variant="subtle" fullWidth onClick={onRestart}>
        {t("entry.restart")}
      </Button>
    </Card>
  );
}

/** A second factor's secret, to be typed, copied or opened in an app. */
export function Secret({ secret, url }: { secret: string; url: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.secret}>
      <span>{t("entry.secret")}</span>
      <code>{secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      <CopyButton text={secret} label={t("action.copy")} />
      <a href={url}>{t("entry.enrolOpen")}</a>
    </div>
  );
}

export function RecoveryCodes({ codes }: { codes: string[] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.secret}>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join("\n")} label={t("entry.copyCodes")} />
    </div>
  );
}
