import {
  ArrowLeftRight,
  BookOpen,
  Building2,
  Clock,
  CornerDownLeft,
  LayoutTemplate,
  type LucideIcon,
  PanelLeft,
  Plug,
  Workflow,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./command.module.css";
import type { Hit, Kind } from "./find";
import type { Part } from "./useHits";

const icons: Record<Kind, LucideIcon> = {
  recent: Clock,
  account: Building2,
  cycle: Workflow,
  template: LayoutTemplate,
  connector: Plug,
  transaction: ArrowLeftRight,
  place: PanelLeft,
  help: BookOpen,
};

interface Props {
  id: string;
  parts: readonly Part[];
  here: number;
  onPoint(index: number): void;
  onChoose(hit: Hit, beside: boolean): void;
}

/** What was found, each kind under its heading; the field above holds the cursor. */
export function Found({ id, parts, here, onPoint, onChoose }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[id="${id}${here}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, here]);
  let index = 0;
  return (
    <div id={`${id}list`} role="listbox" aria-label={t("command.results")} ref={list} className={classes.list}>
      {parts.map(({ kind, hits }) => (
        // biome-ignore lint/a11y/useSemanticElements: a part of a listbox is a group
        <div key={kind} role="group" aria-labelledby={`${id}${kind}`} className={classes.part}>
          <div id={`${id}${kind}`} role="presentation" className={classes.kind}>
            {t(`command.kind.${kind}`)}
          </div>
          {hits.map((hit) => {
            const n = index++;
            const Icon = icons[kind];
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
              <div
                key={hit.to}
                id={`${id}${n}`}
                role="option"
                aria-selected={n === here}
                className={classes.hit}
                onMouseMove={() => n !== here && onPoint(n)}
                onClick={(e) => onChoose(hit, e.metaKey || e.ctrlKey)}
              >
                <Icon size={15} aria-hidden />
                <span className={classes.label}>{hit.label}</span>
                {hit.detail && <span className={classes.detail}>{hit.detail}</span>}
                {n === here && <CornerDownLeft size={14} aria-hidden className={classes.enter} />}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
