import { Link } from "@tanstack/react-router";
import type { Cycle } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import classes from "./cycle.module.css";

/** A cycle's name, which leads to it, and the connectors that it uses. */
export function CycleName({ account, of }: { account: string; of: Cycle }) {
  return (
    <div className={classes.name}>
      <Link to="/accounts/$account/cycles/$cycle" params={{ account, cycle: of.Id }} className="row-link">
        {of.Name}
      </Link>
      <UsedConnectors of={of} />
    </div>
  );
}

export function UsedConnectors({ of }: { of: Pick<Cycle, "Connectors"> }) {
  return (
    <span className={classes.connectors}>
      {of.Connectors.map((c) => (
        <span key={c.Id ?? c.Name}>
          <ConnectorIcon icon={c.Icon} name={c.Name} small />
          {c.Name}
        </span>
      ))}
    </span>
  );
}
