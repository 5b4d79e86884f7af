import { Plus, SlidersHorizontal } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Path } from "../transaction/path";
import { Guard } from "../ui/Form";
import { arrange, freePlace } from "./arrange";
import classes from "./builder.module.css";
import { Canvas } from "./Canvas";
import type { Loaded } from "./calls";
import { BuilderContext } from "./context";
import { DesignPanel } from "./DesignPanel";
import { addStep, copy, type Design, type Exit, move, paste } from "./design";
import { Inspector } from "./Inspector";
import { insertAfter } from "./outline";
import { type Choice, Palette } from "./Palette";
import type { Problem } from "./problems";
import { StepList } from "./StepList";
import type { Samples } from "./sample";
import { Toolbar } from "./Toolbar";
import { type Installed, useAbout } from "./useAbout";
import { type Designer, useDesign } from "./useDesign";
import { usePresence, type Watched } from "./usePresence";
import { useProblems } from "./useProblems";
import { useShortcuts } from "./useShortcuts";
import { useView } from "./useView";

interface Props {
  loaded: Loaded;
  /** Why it can only be looked at. */
  locked?: string;
  /** What it still needs; none: it is not known yet. */
  missing?: Problem[];
  /** Where it is told who else has it open. */
  watched: Watched;
  /** Of a cycle's design. */
  installed?: Installed;
  /** The step that is to be seen at first. */
  first?: string;
  /** The way of a transaction that is watched. */
  path?: Path;
  /** What else can be done with the design. */
  tools?(designer: Designer): ReactNode;
  /** What else concerns all of it. */
  panel?(designer: Designer): ReactNode;
  save(d: Design, revision: number): Promise<number>;
  /** What the server has now. */
  reload(): Promise<Loaded>;
}

/** Whether there is room for a panel beside the steps. */
const wide = () => window.matchMedia("(min-width: 1100px)").matches;

/** The builder: what can be added at the left, the steps, and the one that is chosen at the right. */
export function Builder({
  loaded,
  locked: why,
  missing,
  watched,
  installed,
  path,
  first,
  tools,
  panel: extra,
  save,
  reload,
}: Props) {
  const { t } = useTranslation();
  const designer = useDesign(loaded, save);
  const { design, act } = designer;
  const people = usePresence(watched, designer, reload);
  const about = useAbout(design, installed);
  const locked = why !== undefined;
  const [selected, setSelected] = useState<string[]>(first ? [first] : []);
  const [samples, setSamples] = useState<Samples>(new Map());
  const [chosen, setChosen] = useState<string>();
  const [after, setAfter] = useState<{ step: string; exit?: Exit }>();
  const [view, setView] = useView();
  // A step that is to be seen, and whose setup is to be read out.
  const [called, setCalled] = useState(first);
  const [panel, setPanel] = useState(wide);
  const [palette, setPalette] = useState(false);
  const problems = useProblems(missing);
  const open = (id: string) => {
    setSelected([id]);
    setCalled(id);
  };

  const add = (choice: Choice) => {
    const before = after?.step ?? selected.at(-1) ?? design.Steps.at(-1)?.Id;
    const way = before ? { step: before, exit: after?.exit } : undefined;
    const place = freePlace(design, before);
    act((d) => {
      const [with_, step] = choice(d);
      const at = { ...step, DisplayPositionLeft: place.left, DisplayPositionTop: place.top };
      // In a list what follows a step comes between it and the next one.
      const between = view === "list" ? way : undefined;
      const [loose, added] = addStep(with_, at, between ? undefined : way);
      const next = between ? insertAfter(loose, added.Id, between) : loose;
      open(added.Id);
      setAfter(undefined);
      setPalette(false);
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
  const shared = useMemo(
    () => ({
      about,
      problems: problems.of,
      installed,
      account: installed?.account ?? chosen,
      onAccount: setChosen,
      samples,
      path,
      onSample: (id: string, answer: unknown) => setSamples((all) => new Map(all).set(id, answer)),
      locked,
      onAddAfter: (step: string, exit?: Exit) => {
        setAfter({ step, exit });
        setPalette(true);
      },
    }),
    [about, problems.of, installed, chosen, samples, path, locked],
  );
  const step = selected.length === 1 ? design.Steps.find((s) => s.Id === selected[0]) : undefined;
  return (
    <BuilderContext value={shared}>
      <div className={classes.builder} data-whole>
        <h1 className="sr-only">{t("builder.title")}</h1>
        <Toolbar
          designer={designer}
          locked={why}
          extra={tools?.(designer)}
          people={people}
          view={view}
          onView={setView}
          onArrange={() => act((d) => move(d, arrange(d)))}
          onReload={async () => designer.replace(await reload())}
        />
        <div className={classes.work}>
          {!locked && (
            <Palette
              open={palette}
              after={design.Steps.find((s) => s.Id === after?.step)}
              onChoose={add}
              onForget={() => setAfter(undefined)}
              onClose={() => setPalette(false)}
            />
          )}
          <div className={classes.stage}>
            {view === "list" ? (
              <StepList design={design} selected={selected} act={act} onOpen={open} />
            ) : (
              <Canvas
                design={design}
                selected={selected}
                shown={called}
                locked={locked}
                taken={path?.taken}
                act={act}
                onSelect={setSelected}
                onOpen={open}
              />
            )}
            {!locked && (
              <button type="button" className={`${classes.float} ${classes.adds}`} onClick={() => setPalette(true)}>
                <Plus size={14} aria-hidden />
                {t("builder.add")}
              </button>
            )}
            {!panel && !step && (
              <button type="button" className={`${classes.float} ${classes.opens}`} onClick={() => setPanel(true)}>
                <SlidersHorizontal size={14} aria-hidden />
                {t("builder.design.open", { count: problems.all.length })}
              </button>
            )}
          </div>
          {step ? (
            <Inspector
              key={step.Id}
              step={step}
              design={design}
              called={called === step.Id}
              act={act}
              onClose={() => setSelected([])}
            />
          ) : (
            panel && (
              <DesignPanel
                design={design}
                checking={missing === undefined}
                problems={problems.all}
                extra={extra?.(designer)}
                act={act}
                onOpen={open}
                onClose={() => setPanel(false)}
              />
            )
          )}
        </div>
      </div>
      <Guard dirty={designer.saved.is === "failed" || designer.saved.is === "refused"} />
    </BuilderContext>
  );
}
