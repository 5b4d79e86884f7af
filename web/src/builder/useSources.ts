import { useContext, useMemo } from "react";
import { BuilderContext } from "./context";
import type { Design, Step } from "./design";
import type { Sources } from "./MappingField";
import { fieldsBefore } from "./mapping";

/** What the mappings of a step can take their values from. */
export function useSources(design: Design, step: Step): Sources {
  const { about, samples } = useContext(BuilderContext);
  return useMemo(
    () => ({
      step,
      fields: fieldsBefore(design, step.Id, (s) => about(s).method, samples),
      variables: design.Variables.map((v) => ({
        value: v.SystemName ?? "",
        label: v.DisplayName || (v.SystemName ?? ""),
      })),
    }),
    [design, step, about, samples],
  );
}
