import { type ModalProps, Modal as Window } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { type FormEvent, type MouseEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "./focus";
import classes from "./Modal.module.css";
import { useUnsaved } from "./unsaved";

interface Props extends Omit<ModalProps, "opened"> {
  /** Whether closing it loses something. Without it, it does once somebody has entered something. */
  keep?: boolean;
}

/**
 * A window over the page, for as long as it is there. Where closing it would lose
 * something, a click beside it does nothing, and Escape asks for another one.
 */
export function Modal({ keep, children, ...props }: Props) {
  const { t } = useTranslation();
  const root = useRef<HTMLDivElement>(null);
  const [entered, setEntered] = useState(false);
  const [warned, setWarned] = useState(false);
  const held = keep ?? entered;
  useFocusBack();
  useUnsaved(held);
  useWindowEvent("keydown", (e) => {
    if (e.key === "Escape" && held && !e.defaultPrevented && isHere(e.target, root.current)) setWarned(true);
  });
  const onEntered = (e: FormEvent | MouseEvent) => {
    if (!isEntry(e)) return;
    setEntered(true);
    setWarned(false);
  };
  return (
    <Window
      ref={root}
      opened
      closeButtonProps={{ "aria-label": t("action.close") }}
      closeOnClickOutside={!held}
      closeOnEscape={!held || warned}
      onInput={onEntered}
      onClick={onEntered}
      {...props}
    >
      {children}
      {held && warned && (
        <p className={classes.warning} role="alert">
          {t("form.escape")}
        </p>
      )}
    </Window>
  );
}

/** Whether Escape is for a window: not for a list that is open in it, nor for a window over it. */
function isHere(target: EventTarget | null, root: HTMLElement | null): boolean {
  if (!(target instanceof HTMLElement) || target.dataset.mantineStopPropagation === "true") return false;
  return target === document.body || !!root?.contains(target);
}

/** Whether something was entered: what is searched for is not, what is chosen in a list is. */
function isEntry({ type, target }: FormEvent | MouseEvent): boolean {
  if (type === "click") return target instanceof Element && target.closest('[role="option"]') !== null;
  return !(target instanceof HTMLInputElement && target.type === "search");
}
