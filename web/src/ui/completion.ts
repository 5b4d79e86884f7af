import { autocompletion, type Completion, type CompletionSource } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** What may be put into a text. */
export interface Offered {
  /** What is looked for as somebody writes, and shown. */
  label: string;
  /** What it is, in a few words. */
  note?: string;
  /** What is put in. */
  text: string;
  /** Where the caret is then, from the end; 0: at the end. */
  back?: number;
}

/** What may stand in a place of a text. */
export interface Offer {
  /** Where the word begins that is looked for. */
  from: number;
  /** What is replaced by what is chosen. */
  start: number;
  end: number;
  all: Offered[];
}

/** Says what to offer at the caret; asked: somebody wants it, whatever stands there. */
export type Completer = (text: string, caret: number, asked: boolean) => Offer | undefined;

/** Completion of a text, by what is offered. */
export function completion(offer: () => Completer | undefined): Extension {
  const source: CompletionSource = ({ state, pos, explicit }) => {
    const found = offer()?.(state.doc.toString(), pos, explicit);
    if (!found) return null;
    return {
      from: found.from,
      options: found.all.map((o, i) => option(o, found.end - pos, found.from - found.start, i)),
      // Who writes on narrows what is there: were it asked for anew, Enter would meanwhile break the line.
      validFor: /^[\p{L}\w.]*$/u,
    };
  };
  return [autocompletion({ override: [source], icons: false, interactionDelay: 0, maxRenderedOptions: 60 }), look];
}

/** An option that replaces also what stands before the word and behind the caret. */
function option(o: Offered, behind: number, before: number, place: number): Completion {
  return {
    label: o.label,
    detail: o.note,
    boost: Math.max(50 - place, -99), // else they are put in the order of the alphabet
    apply: (view, _, from, to) => {
      const changes = { from: from - before, to: Math.min(to + behind, view.state.doc.length), insert: o.text };
      const anchor = changes.from + o.text.length - (o.back ?? 0);
      view.dispatch({ changes, selection: { anchor }, userEvent: "input.complete", scrollIntoView: true });
    },
  };
}

const look = EditorView.theme({
  ".cm-tooltip": {
    zIndex: "400",
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 14%)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: "12px",
    minWidth: "240px",
    maxWidth: "min(420px, 92vw)",
    maxHeight: "260px",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    gap: "0 12px",
    padding: "4px 8px",
    borderRadius: "5px",
    whiteSpace: "normal",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--text)",
    backgroundColor: "var(--hover)",
  },
  ".cm-completionDetail": {
    margin: "0",
    color: "var(--text-2)",
    fontFamily: "var(--mantine-font-family)",
    fontStyle: "normal",
  },
  ".cm-completionMatchedText": { color: "var(--accent-text)", textDecoration: "none" },
});
