import { CloudAlert, CloudCheck, CloudUpload, ListTree, Network, Redo2, Undo2, UsersRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/Dialog";
import { Hint } from "../ui/Hint";
import classes from "./builder.module.css";
import type { SaveState } from "./saver";
import type { Designer } from "./useDesign";
import type { View } from "./useView";

interface Props {
  designer: Designer;
  /** Why it can only be looked at. */
  locked?: string;
  /** What else can be done. */
  extra?: ReactNode;
  /** Who else has it open. */
  people: string[];
  view: View;
  onView(v: View): void;
  onArrange(): void;
  onReload(): Promise<void>;
}

/** What can be done with the whole design, and whether it is saved. */
export function Toolbar({ designer, locked, extra, people, view, onView, onArrange, onReload }: Props) {
  const { t } = useTranslation();
  const acts = [
    { name: t("builder.undo"), Icon: Undo2, act: designer.undo, keys: "Control+Z" },
    { name: t("builder.redo"), Icon: Redo2, act: designer.redo, keys: "Control+Shift+Z" },
    ...(view === "graph" ? [{ name: t("builder.arrange"), Icon: Network, act: onArrange, keys: undefined }] : []),
  ];
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t("builder.tools")}>
      {!locked &&
        acts.map(({ name, Icon, act, keys }) => (
          <Hint key={name} label={name}>
            <button
              type="button"
              className="quiet icon"
              aria-label={name}
              aria-keyshortcuts={keys}
              aria-disabled={!act}
              onClick={act}
            >
              <Icon size={16} aria-hidden />
            </button>
          </Hint>
        ))}
      <Hint label={t("builder.list.title")}>
        <button
          type="button"
          className="quiet icon"
          aria-label={t("builder.list.title")}
          aria-pressed={view === "list"}
          onClick={() => onView(view === "list" ? "graph" : "list")}
        >
          <ListTree size={16} aria-hidden />
        </button>
      </Hint>
      <span className={classes.people} role="status">
        {people.length > 0 && (
          <>
            <UsersRound size={15} aria-hidden />
            {t("builder.people", { count: people.length, names: people.join(", ") })}
          </>
        )}
      </span>
      <span className="end">{locked ?? <Saved state={designer.saved} />}</span>
      {extra}
      {designer.saved.is === "conflict" && <Conflict onReload={onReload} />}
    </div>
  );
}

const cloud = {
  saved: CloudCheck,
  changed: CloudUpload,
  saving: CloudUpload,
  failed: CloudAlert,
  refused: CloudAlert,
  conflict: CloudAlert,
};

function Saved({ state }: { state: SaveState }) {
  const { t } = useTranslation();
  const Icon = cloud[state.is];
  const why = "error" in state ? state.error.message : undefined;
  return (
    <span className={classes.saved} role="status" data-bad={Icon === CloudAlert || undefined}>
      <Icon size={15} aria-hidden />
      {t(`builder.save.${state.is}`)}
      {why && <span>{why}</span>}
    </span>
  );
}

function Conflict({ onReload }: { onReload(): Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("builder.conflict.title")} act={t("builder.conflict.reload")} onAct={onReload} onClose={onReload}>
      <p>{t("builder.conflict.says")}</p>
    </Dialog>
  );
}
