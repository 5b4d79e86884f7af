import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "./Card";
import { accept, readInvitation, tokenOf } from "./door";
import { NextStep } from "./NextStep";
import { useEntry } from "./useEntry";

/** Where the link of an invitation leads. */
export function InvitationPage() {
  const { t } = useTranslation();
  const token = tokenOf(window.location.hash);
  const { entry, proceed, enter } = useEntry();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => readInvitation(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const attempt = useMutation({
    mutationFn: (in_: { name: string; password: string }) => accept(token, in_.name, in_.password),
    onSuccess: proceed,
  });
  if (entry) {
    return (
      <NextStep
        entry={entry}
        onDone={proceed}
        onEnter={enter}
        onRestart={() => window.location.assign("/console/sign-in")}
      />
    );
  }
  if (!invitation.data) {
    return <Card title={invitation.error ? t("invitation.gone") : t("loading")} error={invitation.error} />;
  }
  const { Email: email, Partner: partner } = invitation.data;
  return (
    <Card
      title={t("invitation.title", { partner })}
      lead={t("invitation.lead", { email })}
      error={attempt.isPending ? null : attempt.error}
      onSubmit={(form) => attempt.mutate({ name: String(form.get("name")), password: String(form.get("password")) })}
    >
      <input type="hidden" name="email" value={email} autoComplete="username" />
      <TextInput label={t("invitation.name")} name="name" autoComplete="name" autoFocus />
      <PasswordInput
        label={t("invitation.password")}
        description={t("invitation.hint")}
        name="password"
        autoComplete="new-password"
      />
      <Button type="submit" fullWidth loading={attempt.isPending}>
        {t("invitation.submit")}
      </Button>
    </Card>
  );
}
