import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { StatusIcon } from "../ui/Status";
import { Losses } from "./Losses";
import { forget, halt, type Result, type Run } from "./run";
import classes from "./upgrade.module.css";

/** How far an upgrade of many has come, and what came of each. */
export function Progress({ template, run, onGoOn }: { template: string; run: Run; onGoOn(): void }) {
  const { t } = useTranslation();
  const count = run.results.length + run.waiting.length;
  const done = run.results.length;
  const failed = run.results.filter((r) => r.error).length;
  useStay(run.working);
  return (
    <section className={classes.progress} aria-label={t("upgrade.progress")}>
      <div className={classes.progressHead}>
        <p role="status">
          {t(run.working ? "upgrade.working" : "upgrade.worked", { done, count, version: run.to })}
          {failed > 0 && <strong> {t("upgrade.failed", { count: failed })}</strong>}
        </p>
        {run.working ? (
          <Button variant="default" size="compact-sm" onClick={() => halt(template)}>
            {t("upgrade.halt")}
          </Button>
        ) : run.waiting.length > 0 ? (
          <Button size="compact-sm" onClick={onGoOn}>
            {t("upgrade.goOn", { count: run.waiting.length })}
          </Button>
        ) : (
          <Button variant="default" size="compact-sm" onClick={() => forget(template)}>
            {t("upgrade.dismiss")}
          </Button>
        )}
      </div>
      <progress value={done} max={count || 1} aria-label={t("upgrade.progress")} />
      {run.problem && <p className={classes.refusal}>{t("upgrade.problem", { problem: run.problem })}</p>}
      <ul className={classes.results} aria-label={t("upgrade.results")}>
        {[...run.results].reverse().map((r) => (
          <Came key={`${r.account} ${r.cycle}`} of={r} />
        ))}
      </ul>
    </section>
  );
}

/** Asks before the window is closed while there is work that it does. */
function useStay(working: boolean): void {
  useEffect(() => {
    if (!working) return;
    const ask = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [working]);
}

function Came({ of }: { of: Result }) {
  const { t } = useTranslation();
  return (
    <li>
      <StatusIcon of={of.error ? "Error" : of.lost.length > 0 ? "Warning" : "Success"} />
      <div>
        <Link to="/accounts/$account/cycles/$cycle" params={{ account: of.account, cycle: of.cycle }}>
          {of.name}
        </Link>{" "}
        <span className="faint">{of.accountName}</span>
        {of.error && <p>{of.error}</p>}
        {of.lost.length > 0 && (
          <details>
            <summary>{t("upgrade.lostCount", { count: of.lost.length })}</summary>
            <Losses list={of.lost} />
          </details>
        )}
      </div>
    </li>
  );
}
