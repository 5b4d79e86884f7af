import { Link } from "@tanstack/react-router";
import { ArrowRight, CircleDashed } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Prerequisite } from "../api/schema";
import classes from "./cycle.module.css";
import { bySolution, type Solution } from "./solution";

/** What a cycle lacks, each thing with the way to where it is put right. */
export function Missing({ account, cycle, list }: { account: string; cycle: string; list: Prerequisite[] }) {
  return (
    <ul className={classes.missing}>
      {bySolution(list).map(({ solution, missing }) => (
        <li key={missing.map((p) => `${p.ReasonCode} ${p.ObjectType} ${p.ObjectId} ${p.StepId}`).join()}>
          <CircleDashed size={16} aria-hidden />
          <div>
            {missing.map((p) => (
              <span key={`${p.ReasonCode} ${p.ObjectId}`}>{p.Reason}</span>
            ))}
          </div>
          <Way account={account} cycle={cycle} to={solution} of={missing[0]?.Reason ?? ""} />
        </li>
      ))}
    </ul>
  );
}

/** The link to where it is put right; of says what, to those who do not see it beside. */
function Way({ account, cycle, to, of }: { account: string; cycle: string; to: Solution; of: string }) {
  const { t } = useTranslation();
  const words = (text: string) => ({
    className: classes.way,
    "aria-label": `${text}: ${of}`,
    children: (
      <>
        {text}
        <ArrowRight size={13} aria-hidden />
      </>
    ),
  });
  if (to.where === "connectors") {
    return <Link to="/accounts/$account/connectors" params={{ account }} {...words(t("cycle.install"))} />;
  }
  if (to.where === "connector") {
    const params = { account, connector: to.id };
    return <Link to="/accounts/$account/connectors/$connector" params={params} {...words(t("cycle.connect"))} />;
  }
  const params = { account, cycle };
  const search = to.where === "step" ? { step: to.step } : {};
  return (
    <Link to="/accounts/$account/cycles/$cycle/design" params={params} search={search} {...words(t("cycle.setUp"))} />
  );
}
