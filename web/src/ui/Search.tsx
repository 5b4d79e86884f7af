import { TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { Search as SearchIcon, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

/** A search field; / puts the cursor there, Escape empties it. */
export function Search(props: { label: string; value: string; onChange(value: string): void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(props.value);
  const tell = useDebouncedCallback(props.onChange, 200);
  // The address may change by itself: Back, or a cleared filter.
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(props.value);
  }, [props.value]);
  useHotkeys([["/", () => input.current?.select()]]);

  const set = (value: string) => {
    setTyped(value);
    tell(value);
  };
  return (
    <TextInput
      ref={input}
      type="search"
      className="search"
      aria-label={props.label}
      placeholder={props.label}
      aria-keyshortcuts="/"
      value={typed}
      onChange={(e) => set(e.currentTarget.value)}
      onKeyDown={(e) => {
        if (e.key === "Escape") set("");
      }}
      leftSection={<SearchIcon size={15} aria-hidden />}
      rightSection={
        typed ? (
          <button type="button" className="quiet icon" aria-label={t("action.clear")} onClick={() => set("")}>
            <X size={14} aria-hidden />
          </button>
        ) : (
          <kbd aria-hidden>/</kbd>
        )
      }
    />
  );
}
