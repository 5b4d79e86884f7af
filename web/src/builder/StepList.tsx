import { ArrowDown, ArrowUp, Plus, Trash2, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, useContext, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { BuilderContext } from "./context";
import { type Design, exitsOf, kindOf, type Step } from "./design";
import { look } from "./look";
import { moveStep, outline, type Row, removeStep } from "./outline";
import classes from "./StepList.module.css";

interface Props {
  design: Design;
  selected: string[];
  act(change: (d: Design) => Design, part?: string): void;
  onOpen(id: string): void;
}

/** The design as a list, for the keyboard and for who reads rather than looks. */
export function StepList({ design, selected, act, onOpen }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const list = useRef<HTMLOListElement>(null);
  const rows = outline(design);
  const heads = () => [...(list.current?.querySelectorAll<HTMLButtonElement>("[data-step]") ?? [])];
  useReturn(selected[0], (id) =>
    heads()
      .find((h) => h.dataset.step === id)
      ?.focus(),
  );

  const drop = (id: string) => {
    const all = heads();
    const at = all.findIndex((h) => h.dataset.step === id);
    (all[at + 1] ?? all[at - 1])?.focus();
    act((d) => removeStep(d, id));
  };
  const shift = (id: string, by: -1 | 1) => act((d) => moveStep(d, id, by) ?? d);
  const keys = (e: KeyboardEvent<HTMLButtonElement>, id: string) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    const gone = e.key === "Delete" || e.key === "Backspace";
    if (!by && (!gone || locked)) return;
    e.preventDefault();
    if (gone) drop(id);
    else if (by && !e.altKey) heads()[heads().indexOf(e.currentTarget) + by]?.focus();
    else if (by && !locked) shift(id, by as -1 | 1);
  };
  return (
    <section className={classes.list} aria-label={t("builder.canvas")}>
      {rows.length === 0 && <p className="faint">{t("builder.begin")}</p>}
      <ol ref={list}>
        {rows.map((row) => (
          <li key={row.step.Id} style={{ marginInlineStart: row.depth * 28 }}>
            <Line
              row={row}
              chosen={selected.includes(row.step.Id)}
              up={moveStep(design, row.step.Id, -1) && (() => shift(row.step.Id, -1))}
              down={moveStep(design, row.step.Id, 1) && (() => shift(row.step.Id, 1))}
              onKeyDown={(e) => keys(e, row.step.Id)}
              onOpen={() => onOpen(row.step.Id)}
              onRemove={() => drop(row.step.Id)}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Goes back to a step when its setup is closed, unless somebody is elsewhere already. */
function useReturn(chosen: string | undefined, focus: (id: string) => void) {
  const before = useRef(chosen);
  useEffect(() => {
    if (!chosen && before.current && document.activeElement === document.body) focus(before.current);
    before.current = chosen;
  });
}

interface LineProps {
  row: Row;
  chosen: boolean;
  up?: () => void;
  down?: () => void;
  onKeyDown(e: KeyboardEvent<HTMLButtonElement>): void;
  onOpen(): void;
  onRemove(): void;
}

function Line({ row: { step, exit, goes }, chosen, up, down, onKeyDown, onOpen, onRemove }: LineProps) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const name = step.Name;
  const { tone } = useLook(step);
  return (
    <>
      {exit && <span className={classes.exit}>{t("builder.list.when", { exit: t(`builder.exit.${exit}`) })}</span>}
      <div className={classes.line} data-chosen={chosen || undefined}>
        <button
          type="button"
          className={classes.step}
          data-step={step.Id}
          data-tone={tone}
          aria-current={chosen || undefined}
          aria-keyshortcuts={locked ? undefined : "Alt+ArrowUp Alt+ArrowDown Delete"}
          onKeyDown={onKeyDown}
          onClick={onOpen}
        >
          <Face step={step} />
        </button>
        {!locked && (
          <span className={classes.acts}>
            <Adds step={step} />
            <Act name={t("builder.list.up", { name })} Icon={ArrowUp} act={up} />
            <Act name={t("builder.list.down", { name })} Icon={ArrowDown} act={down} />
            <Act name={t("builder.list.remove", { name })} Icon={Trash2} act={onRemove} />
          </span>
        )}
      </div>
      {goes.map((s) => (
        <span key={s.Id} className={classes.exit}>
          {t("builder.list.goes", { name: s.Name })}
        </span>
      ))}
    </>
  );
}

function useLook(step: Step) {
  const { about } = useContext(BuilderContext);
  return { ...about(step), ...look(step, about(step).method) };
}

/** What a step is, and how it is with it. */
function Face({ step }: { step: Step }) {
  const { t } = useTranslation();
  const { problems, path } = useContext(BuilderContext);
  const { connector, method, Icon } = useLook(step);
  const faults = problems.get(step.Id)?.length ?? 0;
  const came = path?.came.get(step.Id);
  return (
    <>
      {connector ? <ConnectorIcon icon={connector.Icon} name={connector.Name} small /> : <Icon size={16} aria-hidden />}
      <strong>{step.Name}</strong>
      <span>{[connector?.Name, method?.Name].filter(Boolean).join(" · ") || t(`builder.kind.${kindOf(step)}`)}</span>
      {came && <em data-came={came}>{t(`status.${came}`)}</em>}
      {faults > 0 && (
        <em data-came="Warning">
          <TriangleAlert size={13} aria-hidden />
          {t("builder.problems.count", { count: faults })}
        </em>
      )}
    </>
  );
}

/** Adds a step after another, on each of its ways. */
function Adds({ step }: { step: Step }) {
  const { t } = useTranslation();
  const { onAddAfter } = useContext(BuilderContext);
  const exits = exitsOf(step);
  return exits.map((exit) => {
    const when = exits.length > 1 ? exit : undefined;
    const words = { name: step.Name, exit: t(`builder.exit.${exit}`) };
    return (
      <Act
        key={exit}
        name={t(when ? "builder.list.addWhen" : "builder.addAfter", words)}
        word={when && words.exit}
        Icon={Plus}
        act={() => onAddAfter(step.Id, exit)}
      />
    );
  });
}

interface ActProps {
  name: string;
  word?: string;
  Icon: typeof Plus;
  act?: () => void;
}

function Act({ name, word, Icon, act }: ActProps) {
  return (
    <button type="button" className="quiet icon" title={name} aria-label={name} aria-disabled={!act} onClick={act}>
      <Icon size={15} aria-hidden />
      {word && <span aria-hidden>{word}</span>}
    </button>
  );
}
