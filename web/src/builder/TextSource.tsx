import { Combobox, Textarea, useCombobox } from "@mantine/core";
import { Braces } from "lucide-react";
import { useContext, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Hint } from "../ui/Hint";
import { BuilderContext } from "./context";
import type { Sources } from "./MappingField";
import { begun, insert, mergeField } from "./mapping";
import { inPlace } from "./place";
import classes from "./setup.module.css";

interface Props {
  label: string;
  value: string;
  sources: Sources;
  onChange(text: string): void;
}

/** How many suggestions are shown at a time. */
const most = 60;

/** Typed text; fields of earlier steps and variables are offered as soon as {{ is typed. */
export function TextSource({ label, value, sources, onChange }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useCombobox();
  const [word, setWord] = useState("");
  const offered = suggestions(sources).filter((s) => `${s.text} ${s.note}`.toLowerCase().includes(word.toLowerCase()));

  const look = (text: string, caret: number) => {
    const at = begun(text, caret);
    setWord(at?.word ?? "");
    if (at) list.openDropdown();
    else list.closeDropdown();
  };
  const take = (field: string) => {
    const [text, caret] = insert(value, area.current?.selectionStart ?? value.length, field);
    onChange(text);
    list.closeDropdown();
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(caret, caret);
    });
  };
  return (
    <Combobox store={list} onOptionSubmit={take} position="bottom-start" {...inPlace}>
      <Combobox.DropdownTarget>
        <div className={classes.text}>
          <Combobox.EventsTarget withKeyboardNavigation={list.dropdownOpened}>
            <Textarea
              ref={area}
              size="xs"
              rows={1}
              aria-label={label}
              spellCheck={false}
              value={value}
              onChange={(e) => {
                onChange(e.currentTarget.value);
                look(e.currentTarget.value, e.currentTarget.selectionStart);
                list.updateSelectedOptionIndex();
              }}
              onBlur={() => list.closeDropdown()}
            />
          </Combobox.EventsTarget>
          {!locked && suggestions(sources).length > 0 && (
            <Hint label={t("builder.map.insert")}>
              <button
                type="button"
                className="quiet icon"
                aria-label={t("builder.map.insertIn", { name: label })}
                onMouseDown={(e) => e.preventDefault()}
                onClick={() => {
                  area.current?.focus();
                  setWord("");
                  list.toggleDropdown();
                }}
              >
                <Braces size={14} aria-hidden />
              </button>
            </Hint>
          )}
        </div>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown className={classes.suggestions}>
        <Combobox.Options aria-label={t("builder.map.insert")}>
          {offered.slice(0, most).map((s) => (
            <Combobox.Option key={s.field} value={s.field}>
              <span className={classes.option}>
                <code>{s.text}</code>
                <span>{s.note}</span>
              </span>
            </Combobox.Option>
          ))}
          {offered.length === 0 && <Combobox.Empty>{t("builder.map.noField")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function suggestions({ fields, variables }: Sources) {
  const names = variables.map((v) => v.value);
  const all = [
    ...variables.map((v) => ({ field: `{{${v.value}}}`, text: v.value, note: v.label })),
    ...fields.map((f) => ({ field: mergeField(f, fields, names), text: f.location, note: f.step.Name })),
  ];
  return [...new Map(all.map((s) => [s.field, s])).values()];
}
