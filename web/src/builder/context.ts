import { createContext } from "react";
import type { ConnectorRef, Method } from "../api/schema";
import type { Step } from "./design";
import type { Problem } from "./problems";
import type { Installed } from "./useAbout";

/** What is known of a step's connector and method, as far as it is loaded. */
export interface About {
  connector?: ConnectorRef & { Name: string; Icon?: string | null; Id?: number };
  method?: Method;
}

/** What the parts of the builder share, apart from the design. */
export interface BuilderShared {
  about(step: Step): About;
  /** What each step still needs, by its id. */
  problems: Map<string, Problem[]>;
  /** The design is of a cycle of this account. */
  installed?: Installed;
  /** It can be looked at only. */
  locked: boolean;
  onAddAfter(step: string): void;
}

export const BuilderContext = createContext<BuilderShared>({
  about: () => ({}),
  problems: new Map(),
  locked: true,
  onAddAfter: () => {},
});
