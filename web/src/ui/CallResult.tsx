import { useTranslation } from "react-i18next";
import type { MethodTest } from "../api/schema";
import classes from "./CallResult.module.css";
import { JsonView } from "./JsonView";
import { Status } from "./Status";

/** What came of a call that was tried: how it ended, what came back, and what was sent. */
export function CallResult({ of }: { of: MethodTest }) {
  const { t } = useTranslation();
  return (
    <section className={classes.result} aria-label={t("call.result")} role="status">
      <p className={classes.outcome}>
        <Status of={of.Success ? "Success" : "Error"} />
        {of.StatusCode > 0 && <span className="number">HTTP {of.StatusCode}</span>}
        {of.Incidents.map((i) => (
          <span key={i.FullMessage} className={i.IncidentLevel === "Error" ? "bad" : undefined}>
            {[i.ShortMessage, i.FullMessage].filter(Boolean).join(": ")}
          </span>
        ))}
      </p>
      <Side title={t("steps.response")} body={t("call.responseBody")} of={of.Response} />
      <Side title={t("steps.request")} body={t("call.requestBody")} of={of.Request} />
    </section>
  );
}

interface SideProps {
  title: string;
  /** What its body is called. */
  body: string;
  of: MethodTest["Request"] | MethodTest["Response"];
}

/** What went one way: its body, and the rest of it where that is asked for. */
function Side({ title, body, of }: SideProps) {
  const { t } = useTranslation();
  if (!of) return null;
  const { Body, ...rest } = of;
  return (
    <>
      <h3>{title}</h3>
      {Body !== undefined && Body !== null && Body !== "" && <JsonView value={Body} label={body} />}
      <details>
        <summary>{t("call.rest")}</summary>
        <JsonView value={rest} label={title} />
      </details>
    </>
  );
}
