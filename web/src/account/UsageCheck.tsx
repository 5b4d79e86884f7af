import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Refusal } from "../ui/Refusal";
import classes from "./account.module.css";
import { verifyUsage } from "./calls";

/** Counts the account's tasks again, for who doubts a bill. */
export function UsageCheck({ account }: { account: string }) {
  const { t, i18n } = useTranslation();
  const count = useMutation({ mutationFn: () => verifyUsage(account) });
  const found = count.data;
  const day = (at: string) =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(at));
  return (
    <section className={classes.service} aria-label={t("tenant.check.title")}>
      <h2>{t("tenant.check.title")}</h2>
      <div>
        <p>{t("tenant.check.lead")}</p>
        <Button variant="default" loading={count.isPending} onClick={() => count.mutate()}>
          {t("tenant.check.act")}
        </Button>
      </div>
      <Refusal error={count.error} />
      <p role="status">
        {found &&
          t(found.TasksUsed === found.TasksFound ? "tenant.check.same" : "tenant.check.other", {
            used: found.TasksUsed,
            found: found.TasksFound,
            from: day(found.StartTime),
            to: day(found.EndTime),
          })}
      </p>
    </section>
  );
}
