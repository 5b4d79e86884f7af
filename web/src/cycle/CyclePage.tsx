import { Button, Skeleton } from "@mantine/core";
import { useThrottledCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { PencilRuler, Play, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import frame from "../account/account.module.css";
import { Crumbs } from "../account/Crumbs";
import { accountQuery } from "../account/calls";
import { ApiError } from "../api/client";
import type { Cycle } from "../api/schema";
import { useMay } from "../session/may";
import { usePageTitle } from "../shell/title";
import { useLive } from "../transaction/useLive";
import { CopyId } from "../ui/CopyId";
import { Learn } from "../ui/Learn";
import { Failure, Missing } from "../ui/State";
import { Status } from "../ui/Status";
import { Zone } from "../ui/Time";
import { CycleDialog, type Open } from "./CycleDialog";
import { CycleMenu } from "./CycleMenu";
import { UsedConnectors } from "./CycleName";
import { cycleQuery, useCyclesChanged } from "./calls";
import classes from "./cycle.module.css";
import { Notices } from "./Notices";

/** A cycle: what it is, what can be done with it, and its sections. */
export function CyclePage() {
  const { account, cycle: id } = useParams({ from: "/inside/accounts/$account/cycles/$cycle" });
  const cycle = useQuery(cycleQuery(account, id));
  const owner = useQuery(accountQuery(account));
  const changed = useCyclesChanged(account);
  const soon = useThrottledCallback(() => void changed(), 2_000);
  useLive({ account, cycle: id, enabled: cycle.isSuccess, onTransactions: soon, onResume: soon });
  usePageTitle(cycle.data?.Name);
  const { error } = cycle;
  // 400: what the address names cannot be a name at all.
  if (error instanceof ApiError && [400, 404].includes(error.status)) return <Missing>{error.message}</Missing>;
  if (error && !cycle.data) return <Failure error={error} onRetry={() => cycle.refetch()} />;
  return (
    <Zone value={owner.data?.Timezone ?? "UTC"}>
      <Crumbs account={owner.data}>
        {[
          <Link to="/accounts/$account/cycles" params={{ account }} key="account">
            {owner.data?.Name ?? account}
          </Link>,
        ]}
      </Crumbs>
      {cycle.data ? <Loaded account={account} of={cycle.data} /> : <Skeleton height={320} radius={10} mt={16} />}
    </Zone>
  );
}

function Loaded({ account, of }: { account: string; of: Cycle }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open | null>(null);
  const params = { account, cycle: of.Id };
  const section = { className: frame.tab, activeProps: { "data-active": true } };
  return (
    <>
      <div className={classes.head}>
        <h1>{of.Name}</h1>
        <Status of={of.Status} />
        <CopyId id={of.Id} />
        <Acts account={account} of={of} onOpen={setOpen} />
      </div>
      {of.Description && <p className={frame.about}>{of.Description}</p>}
      <div className={classes.used}>
        <UsedConnectors of={of} />
        <Learn docs="running#a-cycle" />
      </div>
      <Notices account={account} of={of} onUpgrade={() => setOpen({ what: "upgrade", cycle: of })} />
      <nav className={`${frame.tabs} ${classes.tabs}`} aria-label={t("cycle.sections")}>
        <Link to="/accounts/$account/cycles/$cycle" params={params} {...section} activeOptions={{ exact: true }}>
          {t("cycle.overview")}
        </Link>
        <Link to="/accounts/$account/cycles/$cycle/incidents" params={params} {...section}>
          {t("cycle.incidents")}
        </Link>
        <Link to="/accounts/$account/cycles/$cycle/settings" params={params} {...section}>
          {t("account.settings")}
        </Link>
      </nav>
      <Outlet />
      {open && (
        <CycleDialog
          account={account}
          open={open}
          onMade={(made) => navigate({ to: "/accounts/$account/cycles/$cycle", params: { account, cycle: made } })}
          onDeleted={() => navigate({ to: "/accounts/$account/cycles", params: { account } })}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** What can be done with the cycle; to start it is the first, or to stop it. */
function Acts({ account, of, onOpen }: { account: string; of: Cycle; onOpen(open: Open): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const paused = of.Status === "Paused";
  return (
    <span className={classes.headActs}>
      <Button
        variant="default"
        leftSection={<PencilRuler size={15} aria-hidden />}
        renderRoot={(props) => (
          <Link to="/accounts/$account/cycles/$cycle/design" params={{ account, cycle: of.Id }} {...props} />
        )}
      >
        {t("cycle.design")}
      </Button>
      {may("Accounts", "Edit") && (
        <>
          <Button
            variant={paused ? "filled" : "default"}
            leftSection={paused ? <Play size={15} aria-hidden /> : <Square size={14} aria-hidden />}
            onClick={() => onOpen({ what: paused ? "start" : "stop", cycle: of })}
          >
            {t(paused ? "cycles.start" : "cycles.stop")}
          </Button>
          <CycleMenu account={account} of={of} onOpen={onOpen} />
        </>
      )}
    </span>
  );
}
