import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { bytes } from "./format";
import classes from "./JsonView.module.css";
import { pretty, tokens } from "./json";

/** More than this many characters are shown only when asked for. */
const firstPart = 20_000;

/** A body, readable: JSON indented and coloured, anything else as text. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const text = useMemo(() => pretty(value), [value]);
  const shown = all ? text : text.slice(0, firstPart);
  const isJson = typeof value !== "string";
  const parts = useMemo(() => (isJson ? tokens(shown) : null), [isJson, shown]);
  return (
    <>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
      {/* biome-ignore-start lint/a11y/useSemanticElements: a section does not keep the text's form */}
      <pre className={classes.json} tabIndex={0} role="region" aria-label={label}>
        {parts
          ? parts.map((p, i) =>
              p.kind === "plain" ? (
                p.text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a text has an order and no ids
                <span key={i} data-kind={p.kind}>
                  {p.text}
                </span>
              ),
            )
          : shown}
      </pre>
      {/* biome-ignore-end lint/a11y/useSemanticElements: until here */}
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: until here */}
      {shown.length < text.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t("steps.all", { size: bytes(text.length) })}
        </button>
      )}
    </>
  );
}
