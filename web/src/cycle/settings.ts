import type { Cycle, CycleChange } from "../api/schema";

/** What of a cycle its settings show. */
export interface Settings {
  Name: string;
  Description: string;
  Tags: string[];
  CollectionSplitType: string;
  StepErrorAction: string;
  Retries: number | null;
  LogStepDataRequests: boolean;
  StepDataSuccessRetentionHours: number | null;
  StepDataErroredRetentionHours: number | null;
}

export const settingsOf = (c: Cycle): Settings => ({
  Name: c.Name,
  Description: c.Description,
  Tags: c.Tags,
  CollectionSplitType: c.CollectionSplitType,
  StepErrorAction: c.StepErrorAction,
  Retries: c.Retries ?? 3,
  LogStepDataRequests: c.LogStepDataRequests,
  StepDataSuccessRetentionHours: c.StepDataSuccessRetentionHours,
  StepDataErroredRetentionHours: c.StepDataErroredRetentionHours,
});

/** The same, as the API takes it: a number of retries goes with Retry only. */
export const asChange = ({ Retries, ...s }: Settings): CycleChange =>
  s.StepErrorAction === "Retry" ? { ...s, Retries } : s;
