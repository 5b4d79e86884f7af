import {
  CircleHelp,
  Clock,
  CornerDownLeft,
  Download,
  Hourglass,
  Layers,
  type LucideIcon,
  Send,
  StickyNote,
  Webhook,
} from "lucide-react";
import type { Method } from "../api/schema";
import { type Kind, kindOf, type Step } from "./design";

/** What a step is to the eye: its colour and its icon. */
export type Tone = "get" | "action" | "webhook" | "tool" | "note";

const icons: Record<Kind, LucideIcon> = {
  Action: Send,
  Webhook,
  Decision: CircleHelp,
  Delay: Hourglass,
  WaitUntil: Clock,
  WaitAll: Layers,
  Annotation: StickyNote,
  SynchronousResponse: CornerDownLeft,
};

/** Those that read and change nothing are shown as such. */
const reads = (m: Method | undefined) => m?.HttpMethod === "GET" || m?.HttpMethod === "HEAD";

export function look(s: Pick<Step, "ActionType">, method?: Method): { tone: Tone; Icon: LucideIcon } {
  const kind = kindOf(s);
  if (kind === "Action") return reads(method) ? { tone: "get", Icon: Download } : { tone: "action", Icon: Send };
  if (kind === "Webhook") return { tone: "webhook", Icon: Webhook };
  return { tone: kind === "Annotation" ? "note" : "tool", Icon: icons[kind] };
}
