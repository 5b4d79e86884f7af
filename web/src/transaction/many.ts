import type { TransactionJob, TransactionJobStart, TransactionStatus } from "../api/schema";
import { parseDate } from "../ui/format";
import type { Act } from "./calls";
import { isFinal } from "./merge";

/** What can be done to all that a list shows: to those at their end, and to those that are not. */
export function actsOf(status: TransactionStatus | undefined): Act[] {
  if (!status) return ["resume", "retry", "drop"];
  if (!isFinal(status)) return ["drop"];
  return status === "Completed" ? ["retry"] : ["resume", "retry"];
}

/** Which transactions that is: without a status, those that failed are run again, and all that are not at their end dropped. */
export function filterOf(
  act: Act,
  CycleId?: string,
  status?: TransactionStatus,
): Pick<TransactionJobStart, "CycleId"> & { Status?: TransactionStatus } {
  return { CycleId, Status: status ?? (act === "drop" ? undefined : "Failed") };
}

const day = 24 * 60 * 60 * 1000;

/** The jobs that are of interest: those that are running, and those that ended within a day. */
export function recent(jobs: TransactionJob[], now: number): TransactionJob[] {
  return jobs.filter((j) => !j.EndedOnUtc || now - (parseDate(j.EndedOnUtc)?.getTime() ?? 0) < day);
}
