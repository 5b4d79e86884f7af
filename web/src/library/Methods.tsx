import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LibraryConnector, Method } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { Search } from "../ui/Search";
import { libraryMethodsQuery } from "./calls";
import { grouped } from "./filter";
import classes from "./library.module.css";

/** What a connector can do, by category. */
export function Methods({ of }: { of: LibraryConnector }) {
  const { t } = useTranslation();
  const methods = useQuery(libraryMethodsQuery(String(of.Id)));
  const [query, setQuery] = useState("");
  const groups = grouped(methods.data ?? [], query);
  return (
    <section className={classes.part} aria-labelledby="methods">
      <h2 id="methods">
        {t("library.methods")} {methods.data && <span className="faint number">{methods.data.length}</span>}
      </h2>
      <Refusal error={methods.error} />
      {methods.isPending && <Skeleton height={160} radius={10} />}
      {methods.data && methods.data.length > 0 && (
        <div className="filters">
          <Search label={t("library.searchMethods")} value={query} onChange={setQuery} />
        </div>
      )}
      {methods.data && groups.length === 0 && (
        <p className="faint">{t(query ? "list.noMatch" : "library.noMethods")}</p>
      )}
      {groups.map(([category, all]) => (
        <div key={category} className={classes.group}>
          <h3>{category || t("library.noCategory")}</h3>
          {all.map((m) => (
            <MethodPart key={m.Id} of={m} />
          ))}
        </div>
      ))}
    </section>
  );
}

const types = ["Action", "Webhook", "Script"] as const;

/** A method in a line, which opens to all that it takes and gives. */
function MethodPart({ of }: { of: Method }) {
  const { t } = useTranslation();
  const type = types.find((known) => known === of.MethodType);
  const shown = of.Parameters.filter((p) => !p.Hidden);
  return (
    <details className={classes.method}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        <span className={classes.kind}>{type ? t(`library.types.${type}`) : of.MethodType}</span>
        <strong>{of.Name}</strong>
        {of.Warning && (
          <span className={classes.warning}>
            <TriangleAlert size={13} aria-hidden />
            {of.Warning}
          </span>
        )}
        {of.Hide && <span className="faint">{t("library.hidden")}</span>}
      </summary>
      <div>
        {of.Description && <p>{of.Description}</p>}
        {of.EndPoint && (
          <code>
            {of.HttpMethod} {of.EndPoint}
          </code>
        )}
        <Members
          label={t("library.parameters")}
          of={shown.map((p) => ({
            name: p.DisplayName || p.Name,
            code: p.Name,
            type: p.DataType,
            required: !p.IsOptional,
          }))}
        />
        <Members
          label={t("library.requestFields")}
          of={of.RequestFields.map((f) => ({
            name: f.DisplayName,
            code: f.ConnectorField,
            type: f.DataType,
            required: !f.IsOptional,
          }))}
        />
        <Members
          label={t("library.responseFields")}
          of={of.ResponseFields.map((f) => ({
            name: f.DisplayName,
            code: f.ConnectorField,
            type: f.DataType,
            required: false,
          }))}
        />
      </div>
    </details>
  );
}

interface Member {
  name: string;
  code: string;
  type: string;
  required: boolean;
}

function Members({ label, of }: { label: string; of: Member[] }) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <>
      <h4>{label}</h4>
      <ul>
        {of.map((m) => (
          <li key={m.code}>
            <span>
              {m.name || m.code} {m.required && <span className="faint">{t("library.required")}</span>}
            </span>
            <code>{m.code}</code>
            <span className="faint">{m.type}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
