import { useNavigate, useSearch } from "@tanstack/react-router";

/**
 * The filters of a list, which live in the address. To change one leads to the
 * first page, unless it is the page that changes.
 */
export function useAddress<F extends object>(): [F, (next: Partial<F>) => void, () => void] {
  const filters = useSearch({ strict: false } as never) as F;
  const navigate = useNavigate();
  const go = (search: object) => navigate({ to: ".", search: search as never, replace: true });
  const set = (next: Partial<F>) => void go({ ...filters, page: undefined, ...next });
  return [filters, set, () => void go({})];
}
