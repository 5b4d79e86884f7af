import { completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { MergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import classes from "./Code.module.css";
import { colours, fault, look, mergeFields, showFault, slimLook } from "./codeLook";
import { type Completer, completion } from "./completion";

export type Language = "json" | "javascript" | "text";

/** What can be done with an editor from outside of it. */
export interface CodeHandle {
  /** Offers what may stand at the caret. */
  offer(): void;
}

export interface CodeProps {
  label: string;
  language: Language;
  value: string;
  onChange?(value: string): void;
  readOnly?: boolean;
  /** How many lines are seen at least. */
  lines?: number;
  /** The line that something is wrong with, from 1. */
  wrong?: number;
  /** It is the value of a field, with merge fields: no more than the text is shown. */
  slim?: boolean;
  /** What is offered as somebody writes. */
  complete?: Completer;
  /** Where the caret is put at once, and whether something is offered there. */
  begin?: { caret: number; offer: boolean };
  ref?: Ref<CodeHandle>;
}

const languages = { json, javascript, text: () => [] };
const keys = [...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap];

/** What editors have in which there is room for it. */
const wide: Extension[] = [
  lineNumbers(),
  foldGutter(),
  indentOnInput(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  fault,
];
const slimmed: Extension[] = [EditorView.lineWrapping, mergeFields, slimLook];

/** What all of them have. */
function common(label: string, language: Extension, readOnly: boolean): Extension[] {
  return [
    history(),
    bracketMatching(),
    syntaxHighlighting(colours),
    look,
    language,
    keymap.of(keys),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    EditorView.editable.of(!readOnly),
    EditorState.readOnly.of(readOnly),
  ];
}

/**
 * The page's policy allows no style elements, which the editor would make; in a
 * shadow root it adopts sheets of styles instead.
 */
const shadow = (host: HTMLElement) => host.shadowRoot ?? host.attachShadow({ mode: "open" });

export function CodeEditor({
  label,
  language,
  value,
  onChange,
  readOnly = false,
  slim = false,
  lines = slim ? 1 : 6,
  wrong,
  complete,
  begin,
  ref,
}: CodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef<string[]>([]); // what was written, and has not come back as the value yet
  const now = useRef({ onChange, complete });
  now.current = { onChange, complete };
  const first = useRef<{ text: string; begin?: CodeProps["begin"] }>({ text: value, begin });
  const [tongue] = useState(() => new Compartment());
  const spoken = useRef(language);
  spoken.current = language;
  useImperativeHandle(ref, () => ({
    offer: () => {
      view.current?.focus();
      if (view.current) startCompletion(view.current);
    },
  }));

  // Before the browser goes on: what is typed next is for it already.
  useLayoutEffect(() => {
    if (!host.current) return;
    const root = shadow(host.current);
    const editor = new EditorView({
      root,
      parent: root,
      doc: first.current.text,
      extensions: [
        completion(() => now.current.complete),
        keymap.of(completionKeymap),
        slim ? slimmed : wide,
        common(label, tongue.of(languages[spoken.current]()), readOnly),
        EditorView.theme({ ".cm-content, .cm-gutter": { minHeight: `${lines * 20 + (slim ? 8 : 12)}px` } }),
        EditorView.updateListener.of((u) => {
          if (!u.docChanged) return;
          const text = u.state.doc.toString();
          told.current.push(text);
          now.current.onChange?.(text);
        }),
      ],
    });
    view.current = editor;
    enter(editor, first.current.begin);
    return () => {
      first.current = { text: editor.state.doc.toString() };
      editor.destroy();
    };
  }, [label, readOnly, lines, slim, tongue]);

  // What is written may become a script, and whoever writes it goes on.
  useEffect(() => {
    view.current?.dispatch({ effects: tongue.reconfigure(languages[language]()) });
  }, [language, tongue]);

  // A value that was written here comes back late, when more may have been written.
  useEffect(() => {
    const editor = view.current;
    const own = told.current.indexOf(value);
    told.current.splice(0, own + 1);
    if (!editor || own >= 0 || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    told.current = [];
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: showFault.of(wrong ?? 0) });
  }, [wrong]);

  return <div ref={host} className={classes.editor} />;
}

/** Puts the caret where somebody was writing. */
function enter(editor: EditorView, begin: CodeProps["begin"]) {
  if (!begin) return;
  editor.focus();
  editor.dispatch({ selection: { anchor: Math.min(begin.caret, editor.state.doc.length) } });
  if (begin.offer) startCompletion(editor);
}

export interface DiffProps {
  language: Language;
  before: { label: string; text: string };
  after: { label: string; text: string };
}

/** Two texts beside one another; what is the same in both is folded. */
export function CodeDiff({ language, before, after }: DiffProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const root = shadow(host.current);
    const compared = new MergeView({
      root,
      parent: root,
      a: { doc: before.text, extensions: [wide, common(before.label, languages[language](), true)] },
      b: { doc: after.text, extensions: [wide, common(after.label, languages[language](), true)] },
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => compared.destroy();
  }, [language, before.label, before.text, after.label, after.text]);
  return <div ref={host} className={classes.diff} />;
}
