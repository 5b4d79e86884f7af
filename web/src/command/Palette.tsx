import { Modal as Window } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "../session/calls";
import type { Group } from "../shell/places";
import { Modal } from "../ui/Modal";
import classes from "./command.module.css";
import { Found } from "./Found";
import type { Hit } from "./find";
import { recent, remember } from "./recent";
import type { Index } from "./sources";
import { useHits } from "./useHits";

interface Props {
  places: readonly Group[];
  index: Index;
  onClose(): void;
}

/** Finds things by what is typed, and goes to the one that is chosen. */
export function Palette({ places, index, onClose }: Props) {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery).data;
  // Of an account's people, the number is their session's.
  const who = session?.Account ? `${session.Account.Id} ${session.Email}` : String(session?.Id ?? "");
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed.trim(), 150);
  const [last] = useState(() => recent(who));
  const { parts, busy, failed } = useHits(wanted, index, places, last);
  const hits = parts.flatMap((p) => p.hits);
  const [at, setAt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is found anew begins with the first
  useEffect(() => setAt(0), [wanted]);
  const id = useId();
  const go = useGo(who, onClose);
  const here = Math.min(at, hits.length - 1);
  const onKey = (e: KeyboardEvent) => {
    const to = moved(e.key, here, hits.length);
    const hit = hits[here];
    if (to !== undefined) setAt(to);
    else if (e.key === "Enter" && hit) go(hit, e.metaKey || e.ctrlKey);
    else return;
    e.preventDefault();
  };
  return (
    <Modal
      onClose={onClose}
      keep={false}
      size={620}
      yOffset="12vh"
      centered={false}
      padding={0}
      withCloseButton={false}
      classNames={{ content: classes.palette, body: classes.body }}
    >
      <Window.Title className="sr-only">{t("command.title")}</Window.Title>
      <div className={classes.head}>
        <Search size={17} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-label={t("command.title")}
          aria-expanded={hits.length > 0}
          aria-controls={`${id}list`}
          aria-activedescendant={hits.length > 0 ? `${id}${here}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t(index.hint)}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          onKeyDown={onKey}
        />
        <kbd aria-hidden>Esc</kbd>
      </div>
      <Found id={id} parts={parts} here={here} onPoint={setAt} onChoose={go} />
      <p className={classes.none} role="status" data-some={hits.length > 0 || undefined}>
        {hits.length > 0
          ? t("command.found", { count: hits.length })
          : failed
            ? t("command.failed")
            : busy || wanted !== typed.trim()
              ? t("loading")
              : t("command.nothing", { typed: wanted })}
      </p>
    </Modal>
  );
}

/** Where a key leads to from a place in a list of so many; undefined: it is no such key. */
function moved(key: string, from: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowDown") return (from + 1) % count;
  if (key === "ArrowUp") return (from + count - 1) % count;
  if (key === "PageDown") return Math.min(from + 6, count - 1);
  if (key === "PageUp") return Math.max(from - 6, 0);
  return undefined;
}

/** Goes to a hit: the manual's are read beside the console. */
function useGo(who: string, onClose: () => void) {
  const router = useRouter();
  return (hit: Hit, beside = false) => {
    const kind = hit.to.startsWith("/docs/") ? "help" : "place";
    remember(who, hit);
    onClose();
    if (kind === "help") window.open(hit.to, "_blank", "noreferrer");
    else if (beside) window.open(router.buildLocation({ to: hit.to as never }).publicHref, "_blank", "noreferrer");
    else void router.navigate({ to: hit.to as never });
  };
}
