import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "./Card";
import { reset, tokenOf } from "./door";
import classes from "./SignInPage.module.css";

/** Where the link to choose a new password leads. */
export function ResetPage() {
  const { t } = useTranslation();
  const attempt = useMutation({ mutationFn: (password: string) => reset(tokenOf(window.location.hash), password) });
  return (
    <Card
      title={t("forgot.title")}
      lead={attempt.isSuccess ? t("forgot.done") : undefined}
      error={attempt.isPending ? null : attempt.error}
      onSubmit={(form) => attempt.mutate(String(form.get("password")))}
    >
      {!attempt.isSuccess && (
        <>
          <PasswordInput
            label={t("forgot.password")}
            description={t("invitation.hint")}
            name="password"
            autoComplete="new-password"
            autoFocus
          />
          <Button type="submit" fullWidth loading={attempt.isPending}>
            {t("forgot.reset")}
          </Button>
        </>
      )}
      <p className={classes.foot}>
        <Link to="/sign-in">{t("signIn.back")}</Link>
      </p>
    </Card>
  );
}
