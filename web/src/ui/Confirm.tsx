import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { say } from "./say";

interface Props {
  title: string;
  act: string;
  /** What is said when it was done. */
  done: string;
  /** The key of what the server has otherwise then. */
  stale: readonly unknown[];
  run(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}

/** Asks before somebody loses something, and takes it. */
export function Confirm({ done, stale, run, onClose, ...dialog }: Props) {
  const queries = useQueryClient();
  const taking = useMutation({
    mutationFn: run,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: stale });
      say(done);
      onClose();
    },
  });
  return (
    <Dialog {...dialog} danger busy={taking.isPending} error={taking.error} onAct={taking.mutate} onClose={onClose} />
  );
}
