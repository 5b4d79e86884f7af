import type { CycleStatus } from "../api/schema";
import { cycleStatuses, type ListFilter, listFilter, oneOf, type Search } from "../search";

/** What a list of cycles shows: some of them, or the recycle bin. */
export interface CycleListFilter extends ListFilter {
  status?: CycleStatus;
  deleted?: boolean;
}

export const cycleListFilter = (s: Search): CycleListFilter => ({
  ...listFilter(s),
  status: oneOf(cycleStatuses, s.status),
  deleted: s.deleted === true || undefined,
});
