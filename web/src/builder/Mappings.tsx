import { Autocomplete, Button, TextInput } from "@mantine/core";
import { Plus, Search } from "lucide-react";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mapping } from "../api/schema";
import { BuilderContext } from "./context";
import { MappingField, type Sources } from "./MappingField";
import { differences, put, type Target, typeOf, without } from "./mapping";
import { inPlace } from "./place";
import classes from "./setup.module.css";

interface Props {
  title: string;
  targets: Target[];
  mapped: Mapping[] | null | undefined;
  sources: Sources;
  /** Whether one may be added that nothing declares: the word for it. */
  add?: string;
  /** Left out: no customer can choose here. */
  launch?: boolean;
  /** What is wrong with what one is mapped to. */
  fault?(of: Target): string | undefined;
  /** All of them, and what was changed. */
  onChange(all: Mapping[], part: string): void;
}

/** From how many on they are searched. */
const many = 8;

/** Parameters or fields: those that are required or mapped, and the others behind a button. */
export function Mappings({ title, targets, mapped, sources, add, launch, fault, onChange }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const [chosen, setChosen] = useState<string[]>([]);
  const [all, setAll] = useState(false);
  const [query, setQuery] = useState("");
  const of = (x: Target) => mapped?.find((m) => m.Target === x.name);
  const needed = (x: Target) =>
    x.required || x.added || chosen.includes(x.name) || typeOf(of(x)) !== "Ignore" || of(x)?.IsLaunchVisible;
  const wanted = (x: Target) => `${x.label} ${x.name}`.toLowerCase().includes(query.trim().toLowerCase());
  const shown = targets.filter((x) => (all || needed(x)) && wanted(x));
  const rest = targets.filter((x) => !needed(x));
  const choose = (name: string) => {
    setChosen([...chosen, name]);
    onChange(put(mapped, { Target: name, MappingType: "StaticValue" }), name);
  };
  if (targets.length === 0 && !add) return null;
  return (
    <section className={classes.part}>
      <h3>{title}</h3>
      {targets.length > many && (all || shown.length > many || query) && (
        <TextInput
          type="search"
          size="xs"
          aria-label={t("builder.map.find", { name: title })}
          placeholder={t("builder.map.findShort")}
          leftSection={<Search size={13} aria-hidden />}
          value={query}
          onChange={(e) => setQuery(e.currentTarget.value)}
        />
      )}
      {shown.map((x) => (
        <MappingField
          key={x.name}
          target={x}
          mapping={of(x)}
          sources={sources}
          launch={launch}
          fault={fault?.(x)}
          onChange={(m) => onChange(put(mapped, m), `${x.name} ${differences(of(x), m)}`)}
          onRemove={x.added && !locked ? () => onChange(without(mapped, x.name), x.name) : undefined}
        />
      ))}
      {shown.length === 0 && query && <p className="faint">{t("builder.map.none")}</p>}
      {!locked && (add || (rest.length > 0 && !all)) && (
        <Adder label={add ?? t("builder.map.add")} rest={rest} free={add !== undefined} onAdd={choose} />
      )}
      {rest.length > 0 && (
        <button type="button" className={`quiet ${classes.all}`} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("builder.map.fewer") : t("builder.map.all", { count: targets.length })}
        </button>
      )}
    </section>
  );
}

/** Adds one of the rest, found by its name; or, where any may be added, one of any name. */
function Adder(props: { label: string; rest: Target[]; free: boolean; onAdd(name: string): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const known = (x: string) => props.rest.find((r) => r.name === x || r.label === x)?.name;
  const take = (x: string) => {
    const found = known(x) ?? (props.free ? x.trim() : "");
    if (!found) return;
    props.onAdd(found);
    setName("");
  };
  return (
    <div className={classes.adder}>
      <Autocomplete
        size="xs"
        aria-label={props.label}
        placeholder={props.label}
        value={name}
        data={[...new Set(props.rest.map((x) => x.label))]}
        limit={200}
        comboboxProps={inPlace}
        leftSection={<Plus size={13} aria-hidden />}
        onChange={setName}
        onOptionSubmit={(x) => {
          take(x);
          // The input takes the option's text after this.
          requestAnimationFrame(() => setName(""));
        }}
        onKeyDown={(e) => {
          if (e.key === "Enter" && !e.currentTarget.getAttribute("aria-activedescendant")) take(name);
        }}
      />
      {props.free && (
        <Button size="xs" variant="default" aria-label={props.label} disabled={!name.trim()} onClick={() => take(name)}>
          {t("builder.map.addIt")}
        </Button>
      )}
    </div>
  );
}
