import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { MergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import classes from "./Code.module.css";
import { colours, fault, look, showFault } from "./codeLook";

export type Language = "json" | "javascript";

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
}

const languages = { json, javascript };

/** What both the editor and the comparison have. */
function common(label: string, language: Language, readOnly: boolean): Extension[] {
  return [
    lineNumbers(),
    foldGutter(),
    history(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    syntaxHighlighting(colours),
    look,
    fault,
    languages[language](),
    keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap]),
    EditorView.contentAttributes.of({ "aria-label": label, ...(readOnly ? { tabindex: "0" } : {}) }),
    EditorView.editable.of(!readOnly),
    EditorState.readOnly.of(readOnly),
  ];
}

/**
 * The page's policy allows no style elements, which the editor would make; in a
 * shadow root it adopts sheets of styles instead.
 */
const shadow = (host: HTMLElement) => host.shadowRoot ?? host.attachShadow({ mode: "open" });

export function CodeEditor({ label, language, value, onChange, readOnly = false, lines = 6, wrong }: CodeProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  const first = useRef(value);

  useEffect(() => {
    if (!host.current) return;
    const root = shadow(host.current);
    const editor = new EditorView({
      root,
      parent: root,
      doc: first.current,
      extensions: [
        ...common(label, language, readOnly),
        EditorView.theme({ ".cm-content, .cm-gutter": { minHeight: `${lines * 20 + 12}px` } }),
        EditorView.updateListener.of((u) => u.docChanged && tell.current?.(u.state.doc.toString())),
      ],
    });
    view.current = editor;
    return () => {
      first.current = editor.state.doc.toString();
      editor.destroy();
    };
  }, [label, language, readOnly, lines]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: showFault.of(wrong ?? 0) });
  }, [wrong]);

  return <div ref={host} className={classes.editor} />;
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
      a: { doc: before.text, extensions: common(before.label, language, true) },
      b: { doc: after.text, extensions: common(after.label, language, true) },
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => compared.destroy();
  }, [language, before.label, before.text, after.label, after.text]);
  return <div ref={host} className={classes.diff} />;
}
