import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";

interface Props {
  title: string;
  act: string;
  /** What is said when it was done. */
  done: string;
  run(): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}

/** Asks before somebody loses something, and takes it. */
export function Confirm({ done, run, onClose, ...dialog }: Props) {
  const queries = useQueryClient();
  const taking = useMutation({
    mutationFn: run,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["users"] });
      say(done);
      onClose();
    },
  });
  return (
    <Dialog {...dialog} danger busy={taking.isPending} error={taking.error} onAct={taking.mutate} onClose={onClose} />
  );
}
