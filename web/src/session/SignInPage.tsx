import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProduct } from "../shell/Logo";
import { Card } from "./Card";
import { destination } from "./destination";
import { signIn, signOn } from "./door";
import { NextStep } from "./NextStep";
import classes from "./SignInPage.module.css";
import { useEntry } from "./useEntry";

export function SignInPage() {
  const { t } = useTranslation();
  const product = useProduct();
  const { to, ended, problem } = useSearch({ from: "/sign-in" });
  const { entry, proceed, enter, restart } = useEntry(to);
  const [missing, setMissing] = useState<string>();
  const email = useRef<HTMLInputElement>(null);

  const attempt = useMutation({
    mutationFn: (in_: { email: string; password: string; partner?: number }) =>
      signIn(in_.email, in_.password, in_.partner),
    onSuccess: proceed,
  });
  const elsewhere = useMutation({
    mutationFn: (address: string) => signOn(address, destination(to)),
    onSuccess: ({ Url }) => window.location.assign(Url),
  });
  const shown = attempt.variables;
  if (entry?.Partners && shown) {
    const choose = (partner: number) => attempt.mutate({ ...shown, partner });
    return (
      <Choose
        partners={entry.Partners}
        busy={attempt.isPending}
        error={attempt.error}
        onChoose={choose}
        onRestart={restart}
      />
    );
  }
  if (entry) return <NextStep entry={entry} onDone={proceed} onEnter={enter} onRestart={restart} />;

  const submit = (form: FormData) => {
    const in_ = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
    const complete = in_.email && in_.password;
    elsewhere.reset();
    setMissing(complete ? undefined : t("signIn.required"));
    if (complete) attempt.mutate(in_);
  };
  const goElsewhere = () => {
    const address = email.current?.value.trim() ?? "";
    attempt.reset();
    setMissing(address ? undefined : t("signIn.emailFirst"));
    if (address) elsewhere.mutate(address);
  };
  const pending = attempt.isPending || elsewhere.isPending;
  const failure = pending ? null : (attempt.error ?? elsewhere.error);
  const failed = problem && !failure && !pending && t("signIn.ssoFailed");
  return (
    <Card
      title={t("signIn.title", { product })}
      lead={ended && !missing && !failure ? t("signIn.ended") : undefined}
      problem={missing || failed}
      error={failure}
      onSubmit={submit}
    >
      <TextInput
        ref={email}
        label={t("signIn.email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        autoFocus
        withAsterisk={false}
      />
      <PasswordInput
        label={t("signIn.password")}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
      />
      <Button type="submit" fullWidth loading={attempt.isPending} mt={4}>
        {t("signIn.submit")}
      </Button>
      <Button variant="default" fullWidth loading={elsewhere.isPending} onClick={goElsewhere}>
        {t("signIn.sso")}
      </Button>
      <p className={classes.foot}>
        <Link to="/forgot">{t("signIn.forgot")}</Link>
      </p>
    </Card>
  );
}

interface ChooseProps {
  partners: { Id: number; Name: string }[];
  busy: boolean;
  error: Error | null;
  onChoose(partner: number): void;
  onRestart(): void;
}

/** For who is of several teams, with the same password. */
function Choose({ partners, busy, error, onChoose, onRestart }: ChooseProps) {
  const { t } = useTranslation();
  return (
    <Card title={t("entry.chooseTitle")} lead={t("entry.chooseLead")} error={busy ? null : error}>
      {partners.map((p) => (
        <Button key={p.Id} type="button" variant="default" fullWidth disabled={busy} onClick={() => onChoose(p.Id)}>
          {p.Name}
        </Button>
      ))}
      <Button type="button" variant="subtle" fullWidth onClick={onRestart}>
        {t("entry.restart")}
      </Button>
    </Card>
  );
}
