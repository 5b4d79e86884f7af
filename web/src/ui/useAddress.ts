import { useNavigate, useSearch } from "@tanstack/react-router";

/**
 * The filters of a list, which live in the address. To change one leads to the
 * first page, unless it is the page that changes. All are cleared but those named.
 */
export function useAddress<F extends object>(): [F, (next: Partial<F>) => void, (but?: readonly string[]) => void] {
  const filters = useSearch({ strict: false } as never) as F;
  const navigate = useNavigate();
  const go = (search: object) => navigate({ to: ".", search: search as never, replace: true });
  const set = (next: Partial<F>) => void go({ ...filters, page: undefined, ...next });
  const clear = (but: readonly string[] = []) =>
    void go(Object.fromEntries(Object.entries(filters).filter(([name]) => but.includes(name))));
  return [filters, set, clear];
}
