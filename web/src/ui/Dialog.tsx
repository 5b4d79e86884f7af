import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Dialog.module.css";
import { Modal } from "./Modal";
import { Refusal } from "./Refusal";

interface Props {
  title: string;
  /** What the button that does it says. */
  act: string;
  /** What it does cannot be taken back, or stops something. */
  danger?: boolean;
  /** Keeps the button from being pressed. */
  blocked?: boolean;
  busy?: boolean;
  error?: Error | null;
  size?: "md" | "lg" | "xl";
  /** As of a window: whether closing it loses something. */
  keep?: boolean;
  onAct(): void;
  onClose(): void;
  children?: ReactNode;
}

/** A dialog that asks for one thing, and does it; what went wrong is said in it. */
export function Dialog(props: Props) {
  const { t } = useTranslation();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation(); // a dialog may be opened from within a form
    props.onAct();
  };
  return (
    <Modal onClose={props.onClose} title={props.title} size={props.size} keep={props.keep}>
      <form onSubmit={submit} noValidate>
        <div className={classes.body}>{props.children}</div>
        <Refusal error={props.error} />
        <div className={classes.buttons}>
          {/* What is disabled takes no focus, which would stay behind the window. */}
          <Button
            variant="default"
            data-autofocus={(props.danger && props.blocked) || undefined}
            onClick={props.onClose}
          >
            {t("action.cancel")}
          </Button>
          <Button
            type="submit"
            color={props.danger ? "red" : undefined}
            loading={props.busy}
            disabled={props.blocked}
            data-autofocus={(props.danger && !props.blocked) || undefined}
          >
            {props.act}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
