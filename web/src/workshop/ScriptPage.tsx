import { Button, NativeSelect } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { useMay } from "../session/may";
import { Code } from "../ui/Code";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { tryScript } from "./calls";
import { parsed } from "./definition";
import { ScriptResult } from "./ScriptResult";
import { type EventName, events, example, handlerOf } from "./script";
import classes from "./workshop.module.css";

/** Where a script is tried, on an input that one types. */
export function ScriptPage() {
  const { t } = useTranslation();
  const may = useMay();
  const [event, setEvent] = useState<EventName>("after_action");
  const [script, setScript] = useState(() => handlerOf("after_action"));
  const [state, setState] = useState(() => example("after_action"));
  const run = useMutation({
    mutationFn: async () => {
      let State: Record<string, unknown>;
      try {
        State = parsed(state);
      } catch (e) {
        throw new ApiError(400, t("workshop.badInput", { why: e instanceof Error ? e.message : "" }));
      }
      return tryScript({ Event: event, Script: script, State });
    },
  });
  const choose = (next: EventName) => {
    // What somebody has written stays; what was only an example makes room for the next one.
    if (script === handlerOf(event)) setScript(handlerOf(next));
    if (state === example(event)) setState(example(next));
    setEvent(next);
    run.reset();
  };
  return (
    <>
      <PageHead title={t("workshop.scripts")} lead={t("workshop.scriptsLead")} docs="scripts">
        {may("CustomConnectors", "Edit") && (
          <Button leftSection={<Play size={14} aria-hidden />} loading={run.isPending} onClick={() => run.mutate()}>
            {t("workshop.run")}
          </Button>
        )}
      </PageHead>
      <div className={classes.bench}>
        <section aria-label={t("workshop.scriptText")} className={classes.side}>
          <h2>{t("workshop.scriptText")}</h2>
          <Code
            label={t("workshop.scriptText")}
            language="javascript"
            value={script}
            onChange={setScript}
            lines={18}
            wrong={run.data?.Line || undefined}
          />
        </section>
        <section aria-label={t("workshop.input.title")} className={classes.side}>
          <h2>{t("workshop.input.title")}</h2>
          <NativeSelect
            label={t("workshop.event")}
            value={event}
            data={[...events]}
            onChange={(e) => choose(e.currentTarget.value as EventName)}
          />
          <Code label={t("workshop.input.state")} language="json" value={state} onChange={setState} lines={12} />
        </section>
      </div>
      <Refusal error={run.error} />
      {run.data && <ScriptResult of={run.data} event={event} />}
    </>
  );
}
