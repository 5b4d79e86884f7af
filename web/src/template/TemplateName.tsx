import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import classes from "./template.module.css";

/** A template's name, the connectors that it uses, and its tags, by which the list can be narrowed. */
export function TemplateName({ of, onTag }: { of: Template; onTag(tag: string): void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.name}>
      <Link to="/templates/$template" params={{ template: of.Id }} className="row-link">
        {of.Name}
      </Link>
      {(of.Connectors.length > 0 || of.Tags.length > 0) && (
        <div className={classes.marks}>
          <UsedConnectors of={of} />
          {of.Tags.map((tag) => (
            <button
              key={tag}
              type="button"
              className={classes.tag}
              aria-label={t("template.byTag", { tag })}
              onClick={() => onTag(tag)}
            >
              {tag}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The connectors that a template uses, as small icons with names. */
export function UsedConnectors({ of }: { of: Template }) {
  return of.Connectors.map((c) => (
    <span key={`${c.Name} ${c.Version}`} className={classes.connector}>
      <ConnectorIcon icon={c.Icon} name={c.Name} small />
      {c.Name}
    </span>
  ));
}
