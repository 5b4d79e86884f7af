import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { graphQuery } from "../cycle/calls";
import { Failure } from "../ui/State";
import { type Difference, difference } from "./difference";
import classes from "./upgrade.module.css";

interface Choosing {
  /** A step that is chosen; without onChoose none can be. */
  chosen?: string;
  onChoose?(step: string): void;
}

interface Props extends Choosing {
  template: string;
  from: string;
  to: string;
  upgrade?: boolean;
}

/** What differs between two releases of a template; for an upgrade, what that means for the cycles, too. */
export function Differences(props: Props) {
  const from = useQuery(graphQuery(props.template, props.from));
  const to = useQuery(graphQuery(props.template, props.to));
  const error = from.error ?? to.error;
  if (error) return <Failure error={error} onRetry={() => Promise.all([from.refetch(), to.refetch()])} />;
  if (!from.data || !to.data) return <Skeleton height={96} radius={8} />;
  const all = difference(from.data, to.data);
  return props.upgrade ? (
    <>
      <Changes of={all} />
      <Meaning of={all} />
    </>
  ) : (
    <Changes of={all} chosen={props.chosen} onChoose={props.onChoose} />
  );
}

/** Steps and edges that came, went or changed. */
function Changes({ of, chosen, onChoose }: { of: Difference } & Choosing) {
  const { t } = useTranslation();
  if (of.steps.length + of.edges.length === 0) return <p className={classes.same}>{t("upgrade.same")}</p>;
  return (
    <ul className={classes.changes}>
      {of.steps.map((s) => (
        <li key={s.id} data-what={s.what}>
          <span>{t(`upgrade.what.${s.what}`)}</span>{" "}
          {onChoose ? (
            <button type="button" aria-pressed={s.id === chosen} onClick={() => onChoose(s.id)}>
              {t("upgrade.step", { name: s.name })}
            </button>
          ) : (
            t("upgrade.step", { name: s.name })
          )}
        </li>
      ))}
      {of.edges.map((e) => (
        <li key={`${e.what} ${e.from} ${e.to} ${e.type}`} data-what={e.what}>
          <span>{t(`upgrade.what.${e.what}`)}</span>{" "}
          {e.type === "Forward" ? t("upgrade.edge", { from: e.from, to: e.to }) : t("upgrade.branch", { ...e })}
        </li>
      ))}
    </ul>
  );
}

/** What stays of what customers chose, and what will be asked for. */
function Meaning({ of }: { of: Difference }) {
  const { t } = useTranslation();
  const said = [
    [t("upgrade.kept"), of.kept],
    [t("upgrade.newConnectors"), of.connectors],
    [t("upgrade.newChoices"), of.asked],
  ] as const;
  return (
    <dl className={classes.meaning}>
      {said
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{names.join(", ")}</dd>
          </div>
        ))}
    </dl>
  );
}
