import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";
import dialog from "./Dialog.module.css";
import { Modal } from "./Modal";
import classes from "./OnceDialog.module.css";

interface Props {
  title: string;
  /** What to do with it, while it is there. */
  lead: ReactNode;
  parts: { label: string; text: string }[];
  /** What can be done besides. */
  children?: ReactNode;
  onClose(): void;
}

/** Shows what is shown once: a secret, or a link to pass on. */
export function OnceDialog({ title, lead, parts, children, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal onClose={onClose} title={title} keep>
      <div className={dialog.body}>
        <p>{lead}</p>
        {parts.map((p) => (
          <div key={p.label} className={classes.part}>
            <span>
              {p.label}
              <CopyButton text={p.text} label={t("action.copy")} name={t("once.copy", { what: p.label })} />
            </span>
            <code>{p.text}</code>
          </div>
        ))}
      </div>
      <div className={dialog.buttons}>
        {children}
        <Button onClick={onClose}>{t("once.done")}</Button>
      </div>
    </Modal>
  );
}
