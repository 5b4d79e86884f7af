import { Button, NativeSelect } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Rule } from "../api/schema";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { MappingField, type Sources } from "./MappingField";
import classes from "./setup.module.css";

/** The comparisons, as the API calls them. */
const conditions = [
  "Equals",
  "NotEquals",
  "Contains",
  "NotContains",
  "StartsWith",
  "EndsWith",
  "GreaterThan",
  "GreaterThanOrEqual",
  "LessThan",
  "LessThanOrEqual",
  "Before",
  "After",
  "IsEmpty",
  "IsNotEmpty",
  "Exists",
  "IsOneOf",
  "Matches",
] as const;

/** Conditions without a right side. */
const unary = new Set(["IsEmpty", "IsNotEmpty", "Exists"]);

interface Props {
  step: Step;
  sources: Sources;
  change(to: Partial<Step>, part: string): void;
}

const fresh = (sources: Sources): Rule => ({
  Left: {
    Target: "",
    MappingType: sources.fields.length > 0 ? "StepOutput" : "StaticValue",
    SourceStepId: sources.fields[0]?.step.Id,
  },
  Condition: "Equals",
  Right: { Target: "", MappingType: "StaticValue" },
});

/** When a decision is true: when all rules of any group hold. */
export function DecisionSetup({ step, sources, change }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const groups = (step.Decision?.Groups ?? []).map((g) => g ?? []);
  const set = (next: Rule[][], part: string) =>
    change({ Decision: { Groups: next.filter((g) => g.length > 0) } }, part);
  const within = (i: number, group: Rule[], part: string) => set(groups.with(i, group), part);
  return (
    <section className={classes.part}>
      <h3>{t("builder.decision.title")}</h3>
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no names but their places
        <fieldset key={i} className={classes.group}>
          <legend>{t(i === 0 ? "builder.decision.all" : "builder.decision.orAll")}</legend>
          {group.map((rule, j) => (
            <RuleSetup
              // biome-ignore lint/suspicious/noArrayIndexKey: nor have rules
              key={j}
              rule={rule}
              sources={sources}
              label={t("builder.decision.rule", { group: i + 1, rule: j + 1 })}
              onChange={(r) => within(i, group.with(j, r), `rule ${i} ${j}`)}
              onRemove={() => within(i, group.toSpliced(j, 1), `remove ${i} ${j}`)}
            />
          ))}
          {!locked && (
            <button
              type="button"
              className={`quiet ${classes.all}`}
              onClick={() => within(i, [...group, fresh(sources)], `add ${i} ${group.length}`)}
            >
              <Plus size={13} aria-hidden /> {t("builder.decision.and")}
            </button>
          )}
        </fieldset>
      ))}
      {!locked && (
        <Button
          size="xs"
          variant="default"
          onClick={() => set([...groups, [fresh(sources)]], `group ${groups.length}`)}
        >
          {t(groups.length === 0 ? "builder.decision.first" : "builder.decision.or")}
        </Button>
      )}
    </section>
  );
}

interface RuleProps {
  rule: Rule;
  label: string;
  sources: Sources;
  onChange(r: Rule): void;
  onRemove(): void;
}

function RuleSetup({ rule, label, sources, onChange, onRemove }: RuleProps) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const operand = (side: string) => ({ name: "", label: side, required: false, values: [] });
  return (
    <section className={classes.rule} aria-label={label}>
      {!locked && (
        <button
          type="button"
          className={`quiet icon ${classes.drop}`}
          aria-label={t("builder.decision.remove", { rule: label })}
          onClick={onRemove}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      <MappingField
        target={operand(t("builder.decision.left"))}
        mapping={rule.Left}
        sources={sources}
        onChange={(Left) => onChange({ ...rule, Left })}
      />
      <NativeSelect
        size="xs"
        disabled={locked}
        aria-label={t("builder.decision.condition")}
        value={rule.Condition ?? "Equals"}
        data={conditions.map((c) => ({ value: c, label: t(`builder.condition.${c}`) }))}
        onChange={(e) => onChange({ ...rule, Condition: e.currentTarget.value })}
      />
      {!unary.has(rule.Condition ?? "") && (
        <MappingField
          target={operand(t("builder.decision.right"))}
          mapping={rule.Right}
          sources={sources}
          onChange={(Right) => onChange({ ...rule, Right })}
        />
      )}
    </section>
  );
}
