import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Guard } from "../ui/Form";
import { arrange, freePlace } from "./arrange";
import classes from "./builder.module.css";
import { Canvas } from "./Canvas";
import type { Loaded } from "./calls";
import { BuilderContext } from "./context";
import { addStep, copy, type Design, move, paste } from "./design";
import { Inspector } from "./Inspector";
import { type Choice, Palette } from "./Palette";
import { Toolbar } from "./Toolbar";
import { useAbout } from "./useAbout";
import { useDesign } from "./useDesign";
import { useShortcuts } from "./useShortcuts";

interface Props {
  loaded: Loaded;
  locked: boolean;
  save(d: Design, revision: number): Promise<number>;
  /** What the server has now. */
  reload(): Promise<Loaded>;
}

/** The builder: what can be added at the left, the steps, and the one that is chosen at the right. */
export function Builder({ loaded, locked, save, reload }: Props) {
  const { t } = useTranslation();
  const designer = useDesign(loaded, save);
  const { design, act } = designer;
  const about = useAbout(design);
  const [selected, setSelected] = useState<string[]>([]);
  const [after, setAfter] = useState<string>();

  const add = (choice: Choice) => {
    const before = after ?? selected.at(-1) ?? design.Steps.at(-1)?.Id;
    const place = freePlace(design, before);
    act((d) => {
      const [with_, step] = choice(d);
      const at = { ...step, DisplayPositionLeft: place.left, DisplayPositionTop: place.top };
      const [next, added] = addStep(with_, at, before ? { step: before } : undefined);
      setSelected([added.Id]);
      setAfter(undefined);
      return next;
    });
  };
  useShortcuts({
    undo: designer.undo,
    redo: designer.redo,
    copy: () => copy(design, selected),
    paste: locked
      ? undefined
      : (clip) =>
          act((d) => {
            const [next, added] = paste(d, clip);
            setSelected(added.map((s) => s.Id));
            return next;
          }),
  });
  const shared = useMemo(() => ({ about, problems: new Map(), locked, onAddAfter: setAfter }), [about, locked]);
  const step = selected.length === 1 ? design.Steps.find((s) => s.Id === selected[0]) : undefined;
  return (
    <BuilderContext value={shared}>
      <div className={classes.builder}>
        <h1 className="sr-only">{t("builder.title")}</h1>
        <Toolbar
          designer={designer}
          locked={locked}
          onArrange={() => act((d) => move(d, arrange(d)))}
          onReload={async () => designer.replace(await reload())}
        />
        <div className={classes.work}>
          {!locked && (
            <Palette
              after={design.Steps.find((s) => s.Id === after)}
              onChoose={add}
              onForget={() => setAfter(undefined)}
            />
          )}
          <Canvas
            design={design}
            selected={selected}
            locked={locked}
            act={act}
            onSelect={setSelected}
            onOpen={(id) => setSelected([id])}
          />
          {step && (
            <Inspector
              key={step.Id}
              step={step}
              design={design}
              act={act}
              locked={locked}
              onClose={() => setSelected([])}
            />
          )}
        </div>
      </div>
      <Guard dirty={designer.saved.is === "failed" || designer.saved.is === "refused"} />
    </BuilderContext>
  );
}
