import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { OctagonAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, signIn } from "../api/client";
import { sessionQuery } from "../api/query";
import { Mark } from "../shell/Mark";
import { usePageTitle } from "../shell/title";
import { destination } from "./destination";
import classes from "./SignInPage.module.css";

export function SignInPage() {
  const { t } = useTranslation();
  const { to, ended } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const queries = useQueryClient();
  const [missing, setMissing] = useState(false);
  usePageTitle(t("signIn.submit"));

  const attempt = useMutation({
    mutationFn: (in_: { email: string; password: string }) => signIn(in_.email, in_.password),
    onSuccess: (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(router.options.basepath + destination(to));
    },
  });

  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const in_ = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
    setMissing(!in_.email || !in_.password);
    if (in_.email && in_.password) attempt.mutate(in_);
  };

  const failure = attempt.error instanceof ApiError ? attempt.error.message : attempt.error && t("error.offline");
  const message = missing ? t("signIn.required") : attempt.isPending ? null : failure;
  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Mark size={36} />
        <h1>{t("signIn.title")}</h1>
        {ended && !message && <p className={classes.lead}>{t("signIn.ended")}</p>}
        <div role="alert">
          {message && (
            <p className={classes.problem}>
              <OctagonAlert size={15} aria-hidden />
              {message}
            </p>
          )}
        </div>
        <TextInput
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
      </form>
    </main>
  );
}
