import { useClipboard } from "@mantine/hooks";
import { Check, Copy as CopyIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { shortId } from "./format";
import { Hint } from "./Hint";

/** An id that copies itself on click. */
export function CopyId({ id, whole }: { id: string; whole?: boolean }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? Check : CopyIcon;
  return (
    <Hint label={clipboard.copied ? t("action.copied") : id}>
      <button type="button" className="copy-id" onClick={() => clipboard.copy(id)}>
        <span>
          <span className="sr-only">{t("action.copyId")} </span>
          {whole ? id : shortId(id)}
        </span>
        <Icon size={12} aria-hidden />
      </button>
    </Hint>
  );
}

/** A quiet button that copies a text. */
export function CopyButton({ text, label, name }: { text: string; label: string; name?: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? Check : CopyIcon;
  return (
    <button type="button" className="quiet" aria-label={name} onClick={() => clipboard.copy(text)}>
      <Icon size={13} aria-hidden />
      {clipboard.copied ? t("action.copied") : label}
    </button>
  );
}
