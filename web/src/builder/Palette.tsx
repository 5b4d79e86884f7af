import { Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Method } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { Failure } from "../ui/State";
import classes from "./builder.module.css";
import { libraryQuery, methodsQuery } from "./calls";
import { type Design, type Kind, kinds, type Step, use } from "./design";
import { look } from "./look";

/** What was chosen: gives a design that knows the connector, and the step to add to it. */
export type Choice = (d: Design) => [Design, Omit<Step, "Id">];

interface Props {
  /** On a narrow screen it is there only when it is asked for. */
  open: boolean;
  /** The step that the next one comes after. */
  after?: Step;
  onChoose(choice: Choice): void;
  onForget(): void;
  onClose(): void;
}

const tools = ["Decision", "Delay", "WaitUntil", "WaitAll", "SynchronousResponse", "Annotation"] as const;
const nowhere = { DisplayPositionLeft: 0, DisplayPositionTop: 0 };

/** What can be added: tools, and the methods of each connector. */
export function Palette({ open: asked, after, onChoose, onForget, onClose }: Props) {
  const { t } = useTranslation();
  const library = useQuery(libraryQuery);
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<number>();
  const search = useRef<HTMLInputElement>(null);
  const to = after?.Id;
  // Who asked for a step after another goes on here.
  useEffect(() => {
    if (to) search.current?.focus();
  }, [to]);
  const wanted = (name: string) => name.toLowerCase().includes(query.trim().toLowerCase());
  const shown = library.data?.filter((c) => wanted(c.Name));
  return (
    <aside className={classes.palette} aria-label={t("builder.palette")} data-open={asked || undefined}>
      <button type="button" className={`quiet icon ${classes.shut}`} aria-label={t("action.close")} onClick={onClose}>
        <X size={16} aria-hidden />
      </button>
      {after && (
        <p className={classes.after}>
          {t("builder.after", { name: after.Name })}
          <button type="button" className="quiet icon" aria-label={t("action.cancel")} onClick={onForget}>
            <X size={14} aria-hidden />
          </button>
        </p>
      )}
      <TextInput
        ref={search}
        type="search"
        size="xs"
        aria-label={t("builder.find")}
        placeholder={t("builder.find")}
        value={query}
        onChange={(e) => setQuery(e.currentTarget.value)}
        leftSection={<Search size={14} aria-hidden />}
      />
      <ul>
        {tools
          .filter((k) => wanted(t(`builder.kind.${k}`)))
          .map((k) => (
            <li key={k}>
              <Tool kind={k} onChoose={onChoose} />
            </li>
          ))}
      </ul>
      {library.isError && <Failure error={library.error} onRetry={() => library.refetch()} />}
      {library.isPending && <Skeleton height={28} mt={8} />}
      <ul>
        {shown?.map((c) => (
          <li key={c.Id}>
            <button
              type="button"
              className={classes.choice}
              aria-expanded={open === c.Id}
              onClick={() => setOpen(open === c.Id ? undefined : c.Id)}
            >
              <ConnectorIcon icon={c.Icon} name={c.Name} small />
              <span>{c.Name}</span>
              <ChevronRight size={14} aria-hidden className={classes.fold} />
            </button>
            {open === c.Id && (
              <Methods
                connector={c.Id}
                onChoose={(m) =>
                  onChoose((d) => {
                    const [with_, ref] = use(d, { Name: c.Name, Version: c.Version });
                    const ActionType = m.MethodType === "Webhook" ? kinds.Webhook : kinds.Action;
                    return [
                      with_,
                      { Name: m.Name, ActionType, Connector: ref, Method: m.MethodUniqueIdentifier, ...nowhere },
                    ];
                  })
                }
              />
            )}
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Tool({ kind, onChoose }: { kind: Kind; onChoose(c: Choice): void }) {
  const { t } = useTranslation();
  const step = { Name: t(`builder.kind.${kind}`), ActionType: kinds[kind], ...nowhere };
  const { Icon } = look(step);
  return (
    <button type="button" className={classes.choice} onClick={() => onChoose((d) => [d, step])}>
      <Icon size={16} aria-hidden />
      <span>{step.Name}</span>
    </button>
  );
}

function Methods({ connector, onChoose }: { connector: number; onChoose(m: Method): void }) {
  const { t } = useTranslation();
  const methods = useQuery(methodsQuery(connector));
  if (methods.isError) return <Failure error={methods.error} onRetry={() => methods.refetch()} />;
  if (!methods.data) return <Skeleton height={60} m={8} />;
  const groups = new Map<string, Method[]>();
  for (const m of methods.data) {
    if (m.Hide) continue;
    const category = m.Category || t("builder.other");
    groups.set(category, [...(groups.get(category) ?? []), m]);
  }
  return [...groups].map(([category, list]) => (
    <fieldset key={category} className={classes.methods}>
      <legend>{category}</legend>
      {list.map((m) => {
        const { tone, Icon } = look({ ActionType: m.MethodType === "Webhook" ? kinds.Webhook : kinds.Action }, m);
        return (
          <button
            key={m.MethodUniqueIdentifier}
            type="button"
            className={classes.choice}
            data-tone={tone}
            title={m.Description || undefined}
            onClick={() => onChoose(m)}
          >
            <Icon size={14} aria-hidden />
            <span>{m.Name}</span>
          </button>
        );
      })}
    </fieldset>
  ));
}
