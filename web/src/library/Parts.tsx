import { useTranslation } from "react-i18next";
import type { LibraryConnector } from "../api/schema";
import { Cell, type Column, Table } from "../ui/Table";
import classes from "./library.module.css";

/** The parameters of all methods of a connector, and who sets them. */
export function Parameters({ of }: { of: LibraryConnector }) {
  const { t } = useTranslation();
  if (of.Parameters.length === 0) return null;
  const columns: Column[] = [
    { key: "name", label: t("library.parameter") },
    { key: "target", label: t("library.target"), wide: true },
    { key: "by", label: t("library.setBy") },
  ];
  return (
    <section className={classes.part} aria-labelledby="parameters">
      <h2 id="parameters">{t("library.parameters")}</h2>
      <Table label={t("library.parameters")} columns={columns}>
        {of.Parameters.map((p) => (
          <tr key={p.Id}>
            <Cell>
              <span className={classes.two}>
                {p.DisplayName || p.Name}
                {p.Description && <span className="faint">{p.Description}</span>}
              </span>
            </Cell>
            <Cell wide>
              <code>{p.TargetName || p.Name}</code> <span className="faint">{p.TargetType}</span>
            </Cell>
            <Cell>
              {t(p.AccountConnectorProperty ? "library.byAccount" : p.Hidden ? "library.fixed" : "library.byOthers")}
            </Cell>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** The lookups that fill lists of choices. */
export function Lookups({ of }: { of: LibraryConnector }) {
  const { t } = useTranslation();
  if (of.Triggers.length === 0) return null;
  const columns: Column[] = [
    { key: "name", label: t("library.trigger") },
    { key: "method", label: t("library.method") },
    { key: "keys", label: t("library.labelAndValue"), wide: true },
  ];
  return (
    <section className={classes.part} aria-labelledby="triggers">
      <h2 id="triggers">{t("library.triggers")}</h2>
      <p className="faint">{t("library.triggersLead")}</p>
      <Table label={t("library.triggers")} columns={columns}>
        {of.Triggers.map((g) => (
          <tr key={g.TriggerId ?? g.Name}>
            <Cell>{g.Name}</Cell>
            <Cell>{g.Method}</Cell>
            <Cell wide>
              <code>{[g.HumanReadableKey, g.IdentifierKey].filter(Boolean).join(" · ")}</code>
            </Cell>
          </tr>
        ))}
      </Table>
    </section>
  );
}
