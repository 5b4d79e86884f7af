import { useCallback, useEffect, useRef, useState } from "react";
import type { Loaded } from "./calls";
import { type Design, read } from "./design";
import { begin, type History, record, redo, undo } from "./history";
import { Saver, type SaveState } from "./saver";

/** What the builder's parts do with the design. */
export interface Designer {
  design: Design;
  /** Changes it; changes of one part that follow each other are undone together. */
  act(change: (d: Design) => Design, part?: string): void;
  undo?: () => void;
  redo?: () => void;
  saved: SaveState;
  /** Saves at once what is not saved yet. */
  flush(): Promise<void>;
  /** Whether a revision is newer than what is here, where nothing waits to be saved. */
  behind(revision: number): boolean;
  /** Begins again with what the server has. */
  replace(loaded: Loaded): void;
}

/** A design that is edited, and saves itself. */
export function useDesign(loaded: Loaded, save: (d: Design, revision: number) => Promise<number>): Designer {
  const [history, setHistory] = useState<History<Design>>(() => begin(read(loaded.Graph)));
  const [saved, setSaved] = useState<SaveState>({ is: "saved" });
  const [saver] = useState(() => new Saver(save, loaded.Revision ?? 0, setSaved));
  // Several changes may come before the next rendering.
  const latest = useRef(history);
  useEffect(() => () => void saver.flush(), [saver]);

  const become = useCallback(
    (next: History<Design>) => {
      if (next.now !== latest.current.now) saver.push(next.now);
      latest.current = next;
      setHistory(next);
    },
    [saver],
  );
  const act = useCallback(
    (change: (d: Design) => Design, part?: string) => become(record(latest.current, change(latest.current.now), part)),
    [become],
  );
  return {
    design: history.now,
    act,
    undo: history.past.length > 0 ? () => become(undo(latest.current)) : undefined,
    redo: history.future.length > 0 ? () => become(redo(latest.current)) : undefined,
    saved,
    flush: () => saver.flush(),
    behind: (revision) => saver.behind(revision),
    replace: (other) => {
      const next = begin(read(other.Graph));
      latest.current = next;
      setHistory(next);
      saver.accept(other.Revision ?? 0);
    },
  };
}
