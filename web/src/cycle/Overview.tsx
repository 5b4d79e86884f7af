import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure } from "../ui/State";
import { cycleQuery, edgesQuery, stepsQuery } from "./calls";
import classes from "./cycle.module.css";
import { Figures } from "./Figures";
import { Recent } from "./Recent";
import { Setup } from "./Setup";
import { StepGraph } from "./StepGraph";
import { Webhooks } from "./Webhooks";

/** What a cycle needs, does and did. */
export function Overview() {
  const { t } = useTranslation();
  const { account, cycle } = useParams({ from: "/inside/accounts/$account/cycles/$cycle" });
  const navigate = useNavigate();
  const of = useQuery(cycleQuery(account, cycle)).data;
  const steps = useQuery(stepsQuery(account, cycle));
  const edges = useQuery(edgesQuery(account, cycle));
  const failed = steps.error ?? edges.error;
  if (!of) return null;
  return (
    <>
      {of.Status === "Paused" && <Setup account={account} of={of} />}
      <Figures account={account} of={of} />
      {steps.data && <Webhooks steps={steps.data} status={of.Status} />}
      {failed ? (
        <Failure error={failed} onRetry={() => Promise.all([steps.refetch(), edges.refetch()])} />
      ) : (
        steps.data &&
        edges.data &&
        steps.data.length > 0 && (
          <section className={classes.part} aria-label={t("cycle.graph")}>
            <h2>{t("cycle.graph")}</h2>
            <StepGraph
              label={t("cycle.graph")}
              steps={steps.data}
              edges={edges.data}
              onChoose={(step) =>
                navigate({
                  to: "/accounts/$account/cycles/$cycle/design",
                  params: { account, cycle },
                  search: { step },
                })
              }
            />
          </section>
        )
      )}
      <Recent account={account} of={of} />
    </>
  );
}
