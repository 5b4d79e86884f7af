import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { AnswerSetup } from "./AnswerSetup";
import { BuilderContext } from "./context";
import { DecisionSetup } from "./DecisionSetup";
import { type Design, kindOf, type Step } from "./design";
import { Mappings } from "./Mappings";
import { fieldsOf, parametersOf, type Target } from "./mapping";
import { faultOf } from "./problems";
import { useSources } from "./useSources";
import { DelaySetup, MatchSetup, UntilSetup } from "./WaitSetup";

interface Props {
  step: Step;
  design: Design;
  change(to: Partial<Step>, part: string): void;
}

/** What a step of each kind is set to. */
export function StepSetup({ step, design, change }: Props) {
  const sources = useSources(design, step);
  const props = { step, sources, change };
  switch (kindOf(step)) {
    case "Decision":
      return <DecisionSetup {...props} />;
    case "Delay":
      return <DelaySetup step={step} change={change} />;
    case "WaitUntil":
      return <UntilSetup {...props} />;
    case "SynchronousResponse":
      return <AnswerSetup {...props} />;
    case "Webhook":
      return (
        <>
          {design.Edges.some((e) => e.TailStepId === step.Id) && <MatchSetup {...props} />}
          <CallSetup {...props} />
        </>
      );
    case "Action":
      return <CallSetup {...props} />;
    default:
      return null;
  }
}

/** What a method is called with. */
function CallSetup({ step, sources, change }: Omit<Props, "design"> & { sources: ReturnType<typeof useSources> }) {
  const { t } = useTranslation();
  const { about, problems } = useContext(BuilderContext);
  const { method } = about(step);
  const wrong = (kind: "Parameter" | "Field") => (of: Target) => faultOf(problems.get(step.Id), kind, of);
  // Whose body nothing describes gets what is added to it.
  const open =
    method?.RequestFields.length === 0 && method.RequestDataType !== "Undefined" && method.HttpMethod !== "GET";
  return (
    <>
      {method?.Warning && <p>{method.Warning}</p>}
      <Mappings
        title={t("builder.parameters")}
        targets={parametersOf(step, method)}
        mapped={step.Parameters}
        sources={sources}
        launch
        fault={wrong("Parameter")}
        onChange={(Parameters, target) => change({ Parameters }, `parameter ${target}`)}
      />
      <Mappings
        title={t("builder.fields")}
        targets={fieldsOf(step, method)}
        mapped={step.Fields}
        sources={sources}
        launch
        fault={wrong("Field")}
        add={open ? t("builder.answer.addField") : undefined}
        onChange={(Fields, target) => change({ Fields }, `field ${target}`)}
      />
    </>
  );
}
