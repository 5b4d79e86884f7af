import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { shortId } from "./format";
import { Hint } from "./Hint";

/** An id that copies itself on click. */
export function CopyId({ id, whole }: { id: string; whole?: boolean }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 1500 });
  const Icon = clipboard.copied ? Check : Copy;
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
