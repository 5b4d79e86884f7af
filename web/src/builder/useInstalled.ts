import { useQuery } from "@tanstack/react-query";
import { useContext } from "react";
import { connectorsQuery } from "../connector/calls";
import { BuilderContext } from "./context";
import type { Step } from "./design";

/**
 * The account connectors that a step could call: those of its account or, of a
 * template, of the account that was chosen to try things in. The first is the one
 * that it would call.
 */
export function useInstalled(step: Step | undefined) {
  const { about, account, installed } = useContext(BuilderContext);
  const all = useQuery({ ...connectorsQuery(account ?? ""), enabled: account !== undefined });
  const connector = step && about(step).connector;
  const bound = installed?.bound.get(step?.Connector ?? "");
  const own = all.data?.filter((c) => connector && c.ConnectorId === connector.Id) ?? [];
  return { account, connector, all, own: own.toSorted((a, b) => Number(b.Id === bound) - Number(a.Id === bound)) };
}
