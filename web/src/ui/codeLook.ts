import { HighlightStyle } from "@codemirror/language";
import { StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the product's colours, light and dark. */
export const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--raised)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "2px solid var(--accent-text)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--text)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { color: "var(--text-3)", backgroundColor: "var(--sunken)", border: "0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--calm-tint) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--calm-tint)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--busy-tint)",
  },
  ".cm-content ::selection": { backgroundColor: "var(--busy-tint)" },
  ".cm-wrong": { backgroundColor: "var(--bad-tint)", boxShadow: "inset 3px 0 0 var(--bad)" },
  ".cm-foldPlaceholder": { color: "var(--text-2)", backgroundColor: "var(--calm-tint)", border: "0" },
  ".cm-collapsedLines": { color: "var(--text-2)", background: "var(--sunken)" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: '"" !important' },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--sunken)" },
  ".cm-textfield, .cm-button": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    backgroundImage: "none",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
  },
});

/** Of a value within a form. */
export const slimLook = EditorView.theme({
  ".cm-scroller": { maxHeight: "220px" },
  ".cm-content": { padding: "4px 0" },
  ".cm-line": { padding: "0 28px 0 8px" },
  ".cm-merge": { color: "var(--accent-text)", backgroundColor: "var(--calm-tint)", borderRadius: "4px" },
  ".cm-merge *": { color: "inherit" },
});

const braces = new MatchDecorator({ regexp: /\{\{[^{}]*\}\}/g, decoration: Decoration.mark({ class: "cm-merge" }) });

/** Marks merge fields. */
export const mergeFields = ViewPlugin.define(
  (view) => ({
    marks: braces.createDeco(view),
    update(u: ViewUpdate) {
      this.marks = braces.updateDeco(u, this.marks);
    },
  }),
  { decorations: (p) => p.marks },
);

/** The colours of a text's parts. */
export const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-text)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.keyword, tags.definitionKeyword, tags.controlKeyword], color: "var(--busy)" },
  { tag: tags.comment, color: "var(--text-3)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

/** Marks a line, from 1; 0: none. */
export const showFault = StateEffect.define<number>();

const wrongLine = Decoration.line({ class: "cm-wrong" });

/** The line that something is wrong with, until it is changed. */
export const fault = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, tr) {
    let next = tr.docChanged ? Decoration.none : marks;
    for (const e of tr.effects) {
      if (!e.is(showFault)) continue;
      const there = e.value >= 1 && e.value <= tr.state.doc.lines;
      next = there ? Decoration.set(wrongLine.range(tr.state.doc.line(e.value).from)) : Decoration.none;
    }
    return next;
  },
  provide: (f) => EditorView.decorations.from(f),
});
