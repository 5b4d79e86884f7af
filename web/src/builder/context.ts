import { createContext } from "react";
import type { ConnectorRef, Method } from "../api/schema";
import type { Path } from "../transaction/path";
import type { Exit, Step } from "./design";
import type { Problem } from "./problems";
import type { Samples } from "./sample";
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
  /** The account in which steps are tried: its own or, of a template, one that was chosen. */
  account?: string;
  onAccount(id: string | undefined): void;
  /** What steps answered when they were tried. */
  samples: Samples;
  onSample(step: string, answer: unknown): void;
  /** The way of a transaction that is watched. */
  path?: Path;
  /** It can be looked at only. */
  locked: boolean;
  onAddAfter(step: string, exit?: Exit): void;
}

export const BuilderContext = createContext<BuilderShared>({
  about: () => ({}),
  problems: new Map(),
  onAccount: () => {},
  samples: new Map(),
  onSample: () => {},
  locked: true,
  onAddAfter: () => {},
});
