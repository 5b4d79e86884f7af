import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "./Card";
import { forgot } from "./door";
import classes from "./SignInPage.module.css";

/** Asks for a link by which to choose a new password. */
export function ForgotPage() {
  const { t } = useTranslation();
  const ask = useMutation({ mutationFn: forgot });
  return (
    <Card
      title={t("forgot.title")}
      lead={ask.isSuccess ? t("forgot.sent") : t("forgot.lead")}
      error={ask.isPending ? null : ask.error}
      onSubmit={(form) => ask.mutate(String(form.get("email")).trim())}
    >
      {!ask.isSuccess && (
        <>
          <TextInput label={t("signIn.email")} name="email" type="email" autoComplete="username" autoFocus />
          <Button type="submit" fullWidth loading={ask.isPending}>
            {t("forgot.submit")}
          </Button>
        </>
      )}
      <p className={classes.foot}>
        <Link to="/sign-in">{t("signIn.back")}</Link>
      </p>
    </Card>
  );
}
