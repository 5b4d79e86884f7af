import { useTranslation } from "react-i18next";
import type { CycleStatus, CycleStep } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import classes from "./cycle.module.css";

/** Where requests are to be sent that start the cycle, or that it waits for. */
export function Webhooks({ steps, status }: { steps: CycleStep[]; status: CycleStatus }) {
  const { t } = useTranslation();
  const hooks = steps.filter((s) => s.WebhookUrl);
  if (hooks.length === 0) return null;
  return (
    <section className={classes.part} aria-label={t("cycle.webhooks")}>
      <h2>{t("cycle.webhooks")}</h2>
      <p className={classes.says}>{t(status === "Running" ? "cycle.webhooksSay" : "cycle.webhooksClosed")}</p>
      <ul className={classes.hooks}>
        {hooks.map((s) => (
          <li key={s.Id}>
            <strong>{s.Name}</strong>
            <code>{s.WebhookUrl}</code>
            <CopyButton
              text={s.WebhookUrl ?? ""}
              label={t("action.copy")}
              name={t("cycle.copyUrl", { name: s.Name })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
