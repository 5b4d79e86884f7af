import { NativeSelect, TextInput } from "@mantine/core";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { MappingField, type Sources } from "./MappingField";
import classes from "./setup.module.css";

const delayUnits = ["Seconds", "Minutes", "Hours", "Days", "Weeks"] as const;

interface Props {
  step: Step;
  sources: Sources;
  change(to: Partial<Step>, part: string): void;
}

/** How long a Delay waits. */
export function DelaySetup({ step, change }: Omit<Props, "sources">) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const { Interval, Unit } = step.Delay ?? {};
  return (
    <section className={classes.part}>
      <h3>{t("builder.delay.title")}</h3>
      <div className={classes.pair}>
        <TextInput
          type="number"
          min={1}
          label={t("builder.delay.interval")}
          readOnly={locked}
          value={Interval || ""}
          onChange={(e) => {
            const to = Math.trunc(Number(e.currentTarget.value));
            change({ Delay: { Interval: to, Unit: Unit || "Minutes" } }, "delay");
          }}
        />
        <NativeSelect
          label={t("builder.delay.unit")}
          disabled={locked}
          value={Unit || "Minutes"}
          data={delayUnits.map((u) => ({ value: u, label: t(`builder.delay.${u}`) }))}
          onChange={(e) => change({ Delay: { Interval: Interval ?? 0, Unit: e.currentTarget.value } }, "unit")}
        />
      </div>
    </section>
  );
}

/** The date that a Wait Until waits for. */
export function UntilSetup({ step, sources, change }: Props) {
  const { t } = useTranslation();
  const label = t("builder.until.date");
  return (
    <section className={classes.part}>
      <h3>{t("builder.until.title")}</h3>
      <MappingField
        target={{ name: "", label, description: t("builder.until.says"), type: "DateTime", required: true, values: [] }}
        mapping={step.Until}
        sources={sources}
        onChange={(Until) => change({ Until }, "until")}
      />
    </section>
  );
}

/** Whom the requests are for of a webhook that does not begin the design. */
export function MatchSetup({ step, sources, change }: Props) {
  const { t } = useTranslation();
  const { locked, about } = useContext(BuilderContext);
  const fields = about(step).method?.ResponseFields ?? [];
  const match = step.Match ?? {};
  return (
    <section className={classes.part}>
      <h3>{t("builder.match.title")}</h3>
      <p className="faint">{t("builder.match.says")}</p>
      <TextInput
        label={t("builder.match.field")}
        placeholder={fields[0]?.ConnectorField ?? "id"}
        readOnly={locked}
        value={match.Field ?? ""}
        onChange={(e) => change({ Match: { ...match, Field: e.currentTarget.value } }, "match")}
      />
      <MappingField
        target={{ name: "", label: t("builder.match.key"), required: true, values: [] }}
        mapping={match.Key}
        sources={sources}
        onChange={(Key) => change({ Match: { ...match, Key } }, "key")}
      />
    </section>
  );
}
