import { useTranslation } from "react-i18next";
import type { MethodTest } from "../api/schema";
import { JsonView } from "../ui/JsonView";
import { Status } from "../ui/Status";
import classes from "./workshop.module.css";

type Side = MethodTest["Request"] | MethodTest["Response"];

/** What came of a trial: what was sent, and what came back. */
export function TryResult({ of }: { of: MethodTest }) {
  const { t } = useTranslation();
  return (
    <div className={classes.result} role="status">
      <p className={classes.outcome}>
        <Status of={of.Success ? "Success" : "Error"} />
        {of.StatusCode ? <span className="number">HTTP {of.StatusCode}</span> : null}
        {of.Incidents?.map((i) => (
          <span key={i.FullMessage} className={of.Success ? undefined : "bad"}>
            {i.ShortMessage}
            {i.FullMessage && `: ${i.FullMessage}`}
          </span>
        ))}
      </p>
      <Exchange title={t("workshop.group.request")} side={of.Request} />
      <Exchange title={t("workshop.group.response")} side={of.Response} />
    </div>
  );
}

function Exchange({ title, side }: { title: string; side: Side }) {
  const { t } = useTranslation();
  if (!side) return null;
  const { Body: body, ...rest } = side as Record<string, unknown>;
  return (
    <>
      <h4>{title}</h4>
      {body !== undefined && body !== null && body !== "" && (
        <JsonView value={body} label={t("workshop.bodyOf", { of: title })} />
      )}
      <details>
        <summary>{t("workshop.headers")}</summary>
        <JsonView value={rest} label={title} />
      </details>
    </>
  );
}
