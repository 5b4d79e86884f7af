import { Textarea } from "@mantine/core";
import { Braces } from "lucide-react";
import { type RefObject, useContext, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Code, type CodeHandle } from "../ui/Code";
import { Hint } from "../ui/Hint";
import { BuilderContext } from "./context";
import type { Sources } from "./MappingField";
import { isCode, isScript, offers } from "./offers";
import classes from "./setup.module.css";

interface Props {
  label: string;
  value: string;
  sources: Sources;
  onChange(text: string): void;
}

/** A typed value: plain, until it has merge fields or is an inline script, which get an editor that offers what they can have. */
export function TextSource({ label, value, sources, onChange }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<CodeHandle>(null);
  const [code, setCode] = useState(() => isCode(value));
  const [begin, setBegin] = useState<{ caret: number; offer: boolean }>();
  const turn = (caret: number, offer: boolean) => {
    setBegin({ caret, offer });
    setCode(true);
  };
  const plain = (
    <Plain
      area={area}
      label={label}
      value={value}
      locked={locked}
      begin={begin}
      onChange={(text, caret) => {
        onChange(text);
        if (isCode(text)) turn(caret, true);
      }}
    />
  );
  return (
    <div className={classes.text}>
      {code ? (
        <Code
          ref={editor}
          slim
          label={label}
          language={isScript(value) ? "javascript" : "text"}
          value={value}
          readOnly={locked}
          begin={begin}
          complete={(text, caret, asked) => offers(text, caret, asked, sources)}
          onChange={onChange}
          instead={plain}
        />
      ) : (
        plain
      )}
      {!locked && sources.fields.length + sources.variables.length > 0 && (
        <Hint label={t("builder.map.insert")}>
          <button
            type="button"
            className="quiet icon"
            aria-label={t("builder.map.insertIn", { name: label })}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => {
              if (editor.current) editor.current.offer();
              else turn(area.current?.selectionStart ?? value.length, true);
            }}
          >
            <Braces size={14} aria-hidden />
          </button>
        </Hint>
      )}
    </div>
  );
}

interface PlainProps extends Pick<Props, "label" | "value"> {
  area: RefObject<HTMLTextAreaElement | null>;
  locked: boolean;
  /** Where somebody is writing, while the editor comes. */
  begin?: { caret: number };
  onChange(text: string, caret: number): void;
}

function Plain({ area, label, value, locked, begin, onChange }: PlainProps) {
  const first = useRef(begin);
  // Before the browser goes on: what is typed next is for this one already.
  useLayoutEffect(() => {
    if (!first.current) return;
    area.current?.focus();
    area.current?.setSelectionRange(first.current.caret, first.current.caret);
  }, [area]);
  return (
    <Textarea
      ref={area}
      size="xs"
      rows={1}
      aria-label={label}
      spellCheck={false}
      readOnly={locked}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value, e.currentTarget.selectionStart)}
    />
  );
}
