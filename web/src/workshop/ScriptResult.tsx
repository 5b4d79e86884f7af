import { useTranslation } from "react-i18next";
import type { ScriptRun } from "../api/schema";
import { JsonView } from "../ui/JsonView";
import { Status } from "../ui/Status";
import type { EventName } from "./script";
import classes from "./workshop.module.css";

/** What a script has come to. */
export function ScriptResult({ of, event }: { of: ScriptRun; event: EventName }) {
  const { t } = useTranslation();
  return (
    <section className={classes.result} aria-label={t("workshop.result")}>
      <h2>{t("workshop.result")}</h2>
      <p className={classes.outcome} role="status">
        <Status of={of.Success ? "Success" : "Error"} />
        <Words of={of} event={event} />
      </p>
      {of.Log.length > 0 && (
        <>
          <h3>{t("workshop.log")}</h3>
          <pre className={classes.log}>{of.Log.join("\n")}</pre>
        </>
      )}
      {of.Success && of.Handled && (
        <>
          <h3>{t("workshop.left")}</h3>
          <JsonView value={of.State} label={t("workshop.left")} />
        </>
      )}
    </section>
  );
}

function Words({ of, event }: { of: ScriptRun; event: EventName }) {
  const { t } = useTranslation();
  if (!of.Success) {
    return (
      <span className="bad">{of.Line ? t("workshop.atLine", { line: of.Line, why: of.Message }) : of.Message}</span>
    );
  }
  if (!of.Handled) return <span>{t("workshop.noHandler", { event })}</span>;
  if (event === "action_condition") return <span>{t(of.Result ? "workshop.isTrue" : "workshop.isFalse")}</span>;
  return <span>{t(of.GoesOn ? "workshop.goesOn" : "workshop.stops")}</span>;
}
