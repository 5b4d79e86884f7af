import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Method } from "../api/schema";
import { installedMethodsQuery, libraryQuery, methodsQuery } from "./calls";
import type { About } from "./context";
import type { Design, Step } from "./design";

/** The same function each time, so that what it gives is the same, too. */
const dataOf = (all: { data: Method[] | undefined }[]) => all.map((q) => q.data);

/** What is installed where a design is of a cycle: account connectors by Ref. */
export interface Installed {
  account: string;
  bound: Map<string, number>;
}

/** Finds the connectors and methods of a design's steps in the library, or as they are installed. */
export function useAbout(design: Design, installed?: Installed): (s: Step) => About {
  const library = useQuery(libraryQuery).data;
  const refs = design.Connectors;
  const connectors = useMemo(
    () =>
      refs.map((ref) => ({
        ref,
        known: library?.find((c) => c.Name === ref.Name && (!ref.Version || c.Version === ref.Version)),
      })),
    [refs, library],
  );
  const methods = useQueries({
    queries: connectors.map(({ ref, known }) => {
      const id = installed?.bound.get(ref.Ref ?? "");
      const query = installed && id ? installedMethodsQuery(installed.account, id) : methodsQuery(known?.Id ?? 0);
      return { ...query, enabled: known !== undefined } as ReturnType<typeof methodsQuery>;
    }),
    combine: dataOf,
  });
  return useCallback(
    (s: Step): About => {
      const i = connectors.findIndex((c) => c.ref.Ref === s.Connector);
      const found = connectors[i];
      if (!found) return {};
      const { ref, known } = found;
      return {
        connector: { ...ref, Name: known?.Name ?? ref.Name ?? "", Icon: known?.Icon, Id: known?.Id },
        method: methods[i]?.find((m) => m.MethodUniqueIdentifier === s.Method),
      };
    },
    [connectors, methods],
  );
}
