import {
  Archive,
  Ban,
  Check,
  CircleDashed,
  CircleDot,
  CirclePause,
  Clock,
  Hand,
  KeyRound,
  type LucideIcon,
  OctagonAlert,
  PencilLine,
  Play,
  Split,
  Timer,
  TriangleAlert,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import classes from "./Status.module.css";

type Tone = "good" | "bad" | "warn" | "busy" | "calm";

const looks = {
  Running: ["good", Play],
  Paused: ["calm", CirclePause],
  Finishing: ["busy", Timer],
  Queued: ["busy", CircleDashed],
  Waiting: ["warn", Clock],
  Split: ["busy", Split],
  Held: ["warn", Hand],
  Completed: ["good", Check],
  Failed: ["bad", OctagonAlert],
  Cancelled: ["calm", Ban],
  Success: ["good", Check],
  Warning: ["warn", TriangleAlert],
  Error: ["bad", OctagonAlert],
  Authenticated: ["good", Check],
  NotAuthenticated: ["warn", KeyRound],
  Failing: ["bad", OctagonAlert],
  RateLimited: ["warn", Clock],
  Expiring: ["warn", Timer],
  Expired: ["bad", KeyRound],
  Active: ["good", CircleDot],
  Suspended: ["calm", CirclePause],
  Invited: ["warn", Clock],
  Draft: ["busy", PencilLine],
  Live: ["good", CircleDot],
  Deprecated: ["calm", Archive],
} as const satisfies Record<string, readonly [Tone, LucideIcon]>;

export type StatusName = keyof typeof looks;

function isStatus(name: string): name is StatusName {
  return name in looks;
}

/** A state as colour, icon and word, which may be another than usual. One unknown here is shown as its word. */
export function Status({ of, plain, word }: { of: string; plain?: boolean; word?: string }) {
  const { t } = useTranslation();
  const [tone, Icon] = isStatus(of) ? looks[of] : (["calm", CircleDot] as const);
  return (
    <span className={classes.status} data-tone={tone} data-plain={plain || undefined}>
      <Icon size={13} strokeWidth={2.25} aria-hidden />
      {word ?? (isStatus(of) ? t(`status.${of}`) : of)}
    </span>
  );
}

/** The icon and colour alone, where the word stands beside it. */
export function StatusIcon({ of }: { of: StatusName }) {
  const { t } = useTranslation();
  const [tone, Icon] = looks[of];
  return (
    <span className={classes.icon} data-tone={tone} role="img" aria-label={t(`status.${of}`)}>
      <Icon size={13} strokeWidth={2.5} aria-hidden />
    </span>
  );
}
