import { Button, PasswordInput, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OwnUser } from "../api/schema";
import { accountSessionsQuery, endAccountSession } from "../people/calls";
import { changeOwnUser, ownUserQuery, requestEmail } from "../session/calls";
import { Section } from "../session/Section";
import { Sessions } from "../session/Sessions";
import session from "../session/SignInPage.module.css";
import { PageHead } from "../ui/PageHead";
import { Failure, Missing } from "../ui/State";
import { ownQuery } from "./session";

/** What an account's people change of themselves. Who was let in by a program has no such page. */
export function ProfilePage() {
  const { t } = useTranslation();
  const { told, Account } = useSuspenseQuery(ownQuery).data;
  const user = useQuery({ ...ownUserQuery(Account.Id), enabled: !told.ApiUser });
  if (told.ApiUser) return <Missing>{t("error.notFound")}</Missing>;
  if (user.isError && !user.data) return <Failure error={user.error} onRetry={() => user.refetch()} />;
  return (
    <>
      <PageHead
        title={t("profile.title")}
        lead={t("profile.username", { username: told.Username })}
        docs="people#passwords"
      />
      {user.data ? <Name account={Account.Id} user={user.data} /> : <Skeleton height={200} maw={400} />}
      <Password account={Account.Id} />
      <Email account={Account.Id} now={user.data?.Email} />
      <section className={session.wide}>
        <h2>{t("sessions.title")}</h2>
        <p className={session.lead}>{t("sessions.own")}</p>
        <Sessions
          query={accountSessionsQuery(Account.Id, true)}
          end={endAccountSession(Account.Id)}
          by={{ label: t("sessions.account"), of: (s) => s.AccountName }}
        />
      </section>
    </>
  );
}

function Name({ account, user }: { account: string; user: OwnUser }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rename = useMutation({
    mutationFn: (form: FormData) =>
      changeOwnUser(account, { FirstName: String(form.get("first")), LastName: String(form.get("last")) }),
    onSuccess: (now) => {
      queries.setQueryData(ownUserQuery(account).queryKey, now);
      return queries.invalidateQueries({ queryKey: ownQuery.queryKey });
    },
  });
  return (
    <Section title={t("profile.name")} error={rename.error} done={rename.isSuccess} onSubmit={rename.mutate}>
      <TextInput label={t("profile.first")} name="first" autoComplete="given-name" defaultValue={user.FirstName} />
      <TextInput label={t("profile.last")} name="last" autoComplete="family-name" defaultValue={user.LastName} />
      <Button type="submit" loading={rename.isPending}>
        {t("profile.save")}
      </Button>
    </Section>
  );
}

function Password({ account }: { account: string }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (form: FormData) =>
      changeOwnUser(account, { CurrentPassword: String(form.get("present")), Password: String(form.get("next")) }),
  });
  return (
    <Section
      title={t("profile.passwordTitle")}
      lead={t("profile.passwordLead")}
      error={change.error}
      done={change.isSuccess}
      onSubmit={change.mutate}
    >
      <PasswordInput label={t("profile.present")} name="present" autoComplete="current-password" />
      <PasswordInput
        label={t("profile.next")}
        description={t("invitation.hint")}
        name="next"
        autoComplete="new-password"
      />
      <Button type="submit" loading={change.isPending}>
        {t("profile.change")}
      </Button>
    </Section>
  );
}

function Email({ account, now }: { account: string; now?: string }) {
  const { t } = useTranslation();
  const ask = useMutation({
    mutationFn: (form: FormData) =>
      requestEmail(account, { Email: String(form.get("email")), Password: String(form.get("password")) }),
  });
  const sent = ask.isSuccess ? String(ask.variables.get("email")) : undefined;
  return (
    <Section
      title={t("profile.email")}
      lead={[now, sent ? t("profile.emailSent", { email: sent }) : t("profile.emailLead")].filter(Boolean).join(" · ")}
      error={ask.error}
      onSubmit={ask.mutate}
    >
      <TextInput label={t("profile.emailNew")} name="email" type="email" autoComplete="email" />
      <PasswordInput label={t("profile.present")} name="password" autoComplete="current-password" />
      <Button type="submit" loading={ask.isPending}>
        {t("profile.emailAct")}
      </Button>
    </Section>
  );
}
