import { useLocalStorage } from "@mantine/hooks";

/** How a design is shown: as it is drawn, or as a list of its steps. */
export type View = "graph" | "list";

/** The one that somebody chose last, on this machine. */
export const useView = () =>
  useLocalStorage<View>({ key: "tandem.builder.view", defaultValue: "graph", getInitialValueInEffect: false });
