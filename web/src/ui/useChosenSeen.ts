import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** Of links in a row that a narrow window cuts off, the one of the present page is brought into view. */
export function useChosenSeen<T extends HTMLElement>() {
  const row = useRef<T>(null);
  const place = useRouterState({ select: (s) => s.location.href });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another is chosen at each move
  useEffect(() => {
    const chosen = row.current?.querySelector("[data-active]")?.getBoundingClientRect();
    const seen = row.current?.getBoundingClientRect();
    if (!chosen || !seen) return;
    if (chosen.left < seen.left || chosen.right > seen.right)
      row.current?.scrollBy({ left: chosen.left + chosen.width / 2 - seen.left - seen.width / 2 });
  }, [place]);
  return row;
}
