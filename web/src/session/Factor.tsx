import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { beginFactor, confirmFactor, endFactor, renewCodes } from "./calls";
import { trimCode } from "./door";
import { RecoveryCodes, Secret } from "./NextStep";
import { Section } from "./Section";

/** One's own second factor: set it up, get new recovery codes, switch it off. */
export function Factor({ on, onChanged }: { on: boolean; onChanged(): Promise<void> }) {
  return on ? <Present onChanged={onChanged} /> : <Absent onChanged={onChanged} />;
}

function Absent({ onChanged }: { onChanged(): Promise<void> }) {
  const { t } = useTranslation();
  const begin = useMutation({
    mutationFn: (CurrentPassword: string) => beginFactor({ CurrentPassword }),
  });
  const confirm = useMutation({ mutationFn: (Code: string) => confirmFactor({ Code }) });
  if (confirm.data) {
    return (
      <Section title={t("entry.codesTitle")} lead={t("entry.codesLead")} onSubmit={() => onChanged()}>
        <RecoveryCodes codes={confirm.data.RecoveryCodes} />
        <Button type="submit">{t("entry.kept")}</Button>
      </Section>
    );
  }
  if (begin.data) {
    return (
      <Section
        title={t("entry.enrolTitle")}
        lead={t("entry.enrolLead")}
        error={confirm.error}
        onSubmit={(form) => confirm.mutate(trimCode(String(form.get("code"))))}
      >
        <Secret secret={begin.data.Secret} url={begin.data.Url} />
        <TextInput label={t("entry.code")} name="code" autoComplete="one-time-code" />
        <Button type="submit" loading={confirm.isPending}>
          {t("entry.confirm")}
        </Button>
      </Section>
    );
  }
  return (
    <Section
      title={t("profile.factorTitle")}
      lead={t("profile.factorOff")}
      error={begin.error}
      onSubmit={(form) => begin.mutate(String(form.get("present")))}
    >
      <PasswordInput label={t("profile.present")} name="present" autoComplete="current-password" />
      <Button type="submit" loading={begin.isPending}>
        {t("profile.factorBegin")}
      </Button>
    </Section>
  );
}

function Present({ onChanged }: { onChanged(): Promise<void> }) {
  const { t } = useTranslation();
  const end = useMutation({
    mutationFn: endFactor,
    onSuccess: onChanged,
  });
  const renew = useMutation({ mutationFn: renewCodes });
  const sent = (form: FormData) => ({
    CurrentPassword: String(form.get("present")),
    Code: trimCode(String(form.get("code"))),
  });
  return (
    <Section
      title={t("profile.factorTitle")}
      lead={t("profile.factorOn")}
      error={end.error ?? renew.error}
      onSubmit={(form) => {
        end.reset();
        renew.mutate(sent(form));
      }}
    >
      {renew.data && <RecoveryCodes codes={renew.data.RecoveryCodes} />}
      <PasswordInput label={t("profile.present")} name="present" autoComplete="current-password" />
      <TextInput label={t("entry.code")} description={t("profile.codeHint")} name="code" autoComplete="one-time-code" />
      <Button type="submit" variant="default" loading={renew.isPending}>
        {t("profile.newCodes")}
      </Button>
      <Button
        color="red"
        loading={end.isPending}
        onClick={(e) => {
          renew.reset();
          if (e.currentTarget.form) end.mutate(sent(new FormData(e.currentTarget.form)));
        }}
      >
        {t("profile.factorEnd")}
      </Button>
    </Section>
  );
}
