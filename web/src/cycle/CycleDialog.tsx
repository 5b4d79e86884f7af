import type { Cycle } from "../api/schema";
import { DeleteDialog } from "./DeleteDialog";
import { CopyDialog, NewDialog } from "./NameDialog";
import { StartDialog } from "./StartDialog";
import { StopDialog } from "./StopDialog";
import { TemplateDialog } from "./TemplateDialog";
import { UpgradeDialog } from "./UpgradeDialog";

/** What was asked for with a cycle, or with none. */
export type Open =
  | { what: "new"; cycle: undefined }
  | { what: "start" | "stop" | "copy" | "delete" | "template" | "upgrade"; cycle: Cycle };

interface Props {
  account: string;
  open: Open;
  /** A cycle was made. */
  onMade(cycle: string): void;
  /** The cycle is gone. */
  onDeleted?(): Promise<void>;
  onClose(): void;
}

export function CycleDialog({ open, account, onMade, onDeleted, onClose }: Props) {
  const all = { account, onClose };
  switch (open.what) {
    case "new":
      return <NewDialog {...all} onMade={onMade} />;
    case "copy":
      return <CopyDialog {...all} cycle={open.cycle} onMade={onMade} />;
    case "start":
      return <StartDialog {...all} cycle={open.cycle} />;
    case "stop":
      return <StopDialog {...all} cycle={open.cycle} />;
    case "delete":
      return <DeleteDialog {...all} cycle={open.cycle} onDeleted={onDeleted} />;
    case "template":
      return <TemplateDialog {...all} cycle={open.cycle} />;
    case "upgrade":
      return <UpgradeDialog {...all} cycle={open.cycle} />;
  }
}
