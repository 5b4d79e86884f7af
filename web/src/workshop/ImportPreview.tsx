import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ConnectorPreview } from "../api/schema";
import classes from "./workshop.module.css";

interface Props {
  of: ConnectorPreview;
  wanted: ReadonlySet<string>;
  onWant(wanted: ReadonlySet<string>): void;
  onBack(): void;
}

/** What a document would become: its methods, to be ticked, and what could not be carried over. */
export function ImportPreview({ of, wanted, onWant, onBack }: Props) {
  const { t } = useTranslation();
  const methods = of.Methods ?? [];
  const report = of.Report;
  const notes = report.Notes ?? [];
  const set = (name: string, want: boolean) => {
    const next = new Set(wanted);
    if (want) next.add(name);
    else next.delete(name);
    onWant(next);
  };
  return (
    <>
      <p>
        {t("workshop.previewSays", {
          format: report.Format,
          count: methods.length,
          fields: (report.RequestFields ?? 0) + (report.ResponseFields ?? 0),
          ways: report.Authentications,
        })}{" "}
        <button type="button" className="quiet" onClick={onBack}>
          {t("workshop.otherDocument")}
        </button>
      </p>
      <Checkbox
        label={t("workshop.allMethods")}
        checked={wanted.size === methods.length}
        indeterminate={wanted.size > 0 && wanted.size < methods.length}
        onChange={(e) => onWant(new Set(e.currentTarget.checked ? methods.map((m) => m.Name ?? "") : []))}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
      <section className={classes.methodsToTake} aria-label={t("workshop.section.methods")} tabIndex={0}>
        {methods.map((m) => (
          <Checkbox
            key={m.Name}
            size="xs"
            label={m.Name}
            description={`${m.HttpMethod || m.MethodType} ${m.EndPoint}`}
            checked={wanted.has(m.Name ?? "")}
            onChange={(e) => set(m.Name ?? "", e.currentTarget.checked)}
          />
        ))}
      </section>
      {notes.length > 0 && (
        <details className={classes.notes}>
          <summary>{t("workshop.notCarried", { count: notes.length })}</summary>
          <ul>
            {notes.map((n) => (
              <li key={`${n.Pointer} ${n.Message}`}>
                <code>{n.Pointer}</code> {n.Message}
                {(n.Times ?? 1) > 1 && ` (${t("workshop.times", { count: n.Times })})`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
