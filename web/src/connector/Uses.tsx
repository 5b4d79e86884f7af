import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { Status } from "../ui/Status";
import { type Use, usesQuery } from "./calls";
import classes from "./connector.module.css";

/** Which cycles of the account use the connector, and by which steps. */
export function Uses({ account, of }: { account: string; of: AccountConnector }) {
  const { t } = useTranslation();
  const uses = useQuery(usesQuery(account, of.Id));
  return (
    <section className={classes.part} aria-labelledby="uses">
      <h2 id="uses">{t("connector.uses.title")}</h2>
      <Refusal error={uses.error} />
      {uses.isPending && <Skeleton height={40} />}
      {uses.data?.length === 0 && <p className="faint">{t("connector.uses.none")}</p>}
      {uses.data && uses.data.length > 0 && <UseList account={account} uses={uses.data} />}
    </section>
  );
}

export function UseList({ account, uses }: { account: string; uses: Use[] }) {
  return (
    <ul className={classes.uses}>
      {uses.map((u) => (
        <li key={u.id}>
          <span>
            <Link to="/accounts/$account/cycles/$cycle" params={{ account, cycle: u.id }} className="row-link">
              {u.name}
            </Link>
            <span className="faint">{u.steps.map((s) => s.name).join(", ")}</span>
          </span>
          <Status of={u.status} plain />
        </li>
      ))}
    </ul>
  );
}
