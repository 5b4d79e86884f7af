import { Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { CodeProps, DiffProps } from "./CodeEditor";

export type { CodeHandle } from "./CodeEditor";

const Editor = lazy(async () => ({ default: (await import("./CodeEditor")).CodeEditor }));
const Diff = lazy(async () => ({ default: (await import("./CodeEditor")).CodeDiff }));

/** A text of a language, to be written; the editor comes when it is shown, and something else stands there until then. */
export function Code({ instead, ...props }: CodeProps & { instead?: ReactNode }) {
  return (
    <Suspense fallback={instead ?? <Skeleton height={props.lines ? props.lines * 20 + 14 : 160} radius={8} />}>
      <Editor {...props} />
    </Suspense>
  );
}

/** Two texts, and where they differ. */
export function CodeCompare(props: DiffProps) {
  return (
    <Suspense fallback={<Skeleton height={320} radius={8} />}>
      <Diff {...props} />
    </Suspense>
  );
}
