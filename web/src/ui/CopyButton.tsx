import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";

/** A quiet button that copies a text. */
export function CopyButton({ text, label, name }: { text: string; label: string; name?: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? Check : Copy;
  return (
    <button type="button" className="quiet" aria-label={name} onClick={() => clipboard.copy(text)}>
      <Icon size={13} aria-hidden />
      {clipboard.copied ? t("action.copied") : label}
    </button>
  );
}
