import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { Failure } from "../ui/State";
import { prerequisitesQuery } from "./calls";
import classes from "./cycle.module.css";
import { Missing } from "./Missing";

/** What a stopped cycle has and lacks before it can start. */
export function Setup({ account, of }: { account: string; of: Cycle }) {
  const { t } = useTranslation();
  const missing = useQuery(prerequisitesQuery(account, of.Id));
  if (missing.isError) return <Failure error={missing.error} onRetry={() => missing.refetch()} />;
  if (!missing.data) return <Skeleton height={96} radius={10} mb={24} />;
  const ready = of.Connectors.filter((c) => c.Authenticated);
  const lacks = missing.data.length;
  return (
    <section className={classes.setup} aria-label={t("cycle.setup")} data-ready={lacks === 0 || undefined}>
      <h2>{lacks === 0 ? t("cycle.ready") : t("cycle.setup")}</h2>
      <p className={classes.says}>{lacks === 0 ? t("cycle.readySays") : t("cycle.setupSays", { count: lacks })}</p>
      {lacks > 0 && <Missing account={account} cycle={of.Id} list={missing.data} />}
      {ready.length > 0 && (
        <ul className={classes.done}>
          {ready.map((c) => (
            <li key={c.AccountConnectorId}>
              <CircleCheck size={16} aria-hidden />
              {t("cycle.connected", { name: c.Name })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
