import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouteContext, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHead } from "../ui/PageHead";
import { changeProfile, endSession, sessionQuery, sessionsQuery } from "./calls";
import { Factor } from "./Factor";
import { Section } from "./Section";
import { Sessions } from "./Sessions";
import classes from "./SignInPage.module.css";

/** What people change of themselves. */
export function ProfilePage() {
  const { t } = useTranslation();
  const { session } = useRouteContext({ from: "/inside" });
  const queries = useQueryClient();
  const router = useRouter();
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await router.invalidate();
  };
  const rename = useMutation({ mutationFn: (Name: string) => changeProfile({ Name }), onSuccess: changed });
  const password = useMutation({ mutationFn: changeProfile });
  return (
    <>
      <PageHead title={t("profile.title")} lead={session.Email} docs="console-users" />
      <Section
        title={t("profile.name")}
        error={rename.error}
        done={rename.isSuccess}
        onSubmit={(form) => rename.mutate(String(form.get("name")))}
      >
        <TextInput label={t("profile.name")} name="name" autoComplete="name" defaultValue={session.Name} />
        <Button type="submit" loading={rename.isPending}>
          {t("profile.save")}
        </Button>
      </Section>
      <Section
        title={t("profile.passwordTitle")}
        lead={t("profile.passwordLead")}
        error={password.error}
        done={password.isSuccess}
        onSubmit={(form) =>
          password.mutate({ CurrentPassword: String(form.get("present")), Password: String(form.get("next")) })
        }
      >
        <PasswordInput label={t("profile.present")} name="present" autoComplete="current-password" />
        <PasswordInput
          label={t("profile.next")}
          description={t("invitation.hint")}
          name="next"
          autoComplete="new-password"
        />
        <Button type="submit" loading={password.isPending}>
          {t("profile.change")}
        </Button>
      </Section>
      <Factor on={session.TwoFactor} onChanged={changed} />
      <section className={classes.wide}>
        <h2>{t("sessions.title")}</h2>
        <p className={classes.lead}>{t("sessions.own")}</p>
        <Sessions query={sessionsQuery(true)} end={endSession} />
      </section>
    </>
  );
}
