import { useTranslation } from "react-i18next";
import type { MethodTest } from "../api/schema";
import { JsonView } from "../ui/JsonView";
import { Status } from "../ui/Status";
import setup from "./setup.module.css";

/** What came of a try: how it ended, what came back, and what was sent. */
export function TestResult({ of }: { of: MethodTest }) {
  const { t } = useTranslation();
  return (
    <section className={setup.part} role="status">
      <p className={setup.outcome}>
        <Status of={of.Success ? "Success" : "Error"} />
        {Boolean(of.StatusCode) && <span className="number">{of.StatusCode}</span>}
        {of.Incidents?.map((i) => (
          <span key={i.FullMessage} className={of.Success ? undefined : "bad"}>
            {i.FullMessage || i.ShortMessage}
          </span>
        ))}
      </p>
      {of.Response && (
        <>
          <h3>{t("builder.test.response")}</h3>
          <JsonView value={of.Response.Body ?? ""} label={t("builder.test.response")} />
        </>
      )}
      {of.Request && (
        <>
          <h3>{t("builder.test.request")}</h3>
          <JsonView value={of.Request} label={t("builder.test.request")} />
        </>
      )}
    </section>
  );
}
