import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, FlaskConical } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { guid } from "../builder/guid";
import { useMay } from "../session/may";
import { Section } from "../ui/field";
import { changedMethod, problems, type Row, said } from "./definition";
import { fromForm, toForm } from "./entered";
import { PartFields } from "./PartField";
import { Rows } from "./Rows";
import { ScriptField } from "./ScriptField";
import { SectionForm, useSame } from "./SectionForm";
import { field, method, methodParameter } from "./shapes";
import classes from "./workshop.module.css";

const TryMethod = lazy(async () => ({ default: (await import("./TryMethod")).TryMethod }));

const shapes = Object.values(method).flat();
const lists = ["Parameters", "RequestFields", "ResponseFields"];

/** A method as its form has it. */
function entered(m: Row): Row {
  const row = toForm(m, shapes);
  for (const name of lists) row[name] ??= [];
  row.Script ??= "";
  return row;
}

/** The method that a form means. */
function meant(form: Row): Row {
  const row = fromForm(form, shapes);
  for (const name of lists) if ((row[name] as Row[]).length === 0) delete row[name];
  if (!row.Script) delete row.Script;
  return row;
}

interface Props {
  of: CustomConnector;
  /** The method's MethodUniqueIdentifier, or its place; "new": one is added. */
  method: string;
  readOnly: boolean;
}

/** A method: what it sends, what it gets, and how that is told. */
export function MethodEditor({ of, method: id, readOnly }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const [trying, setTrying] = useState(false);
  const [made] = useState(() => ({
    MethodUniqueIdentifier: guid(),
    MethodType: "Action",
    HttpMethod: "GET",
    EndPoint: "{{BaseUrl}}/",
    ResponseDataType: "Json",
  }));
  const all = (of.Methods ?? []) as Row[];
  const known = (m: Row, i: number) => said(m, "MethodUniqueIdentifier") === id || String(i) === id;
  const at = all.findIndex(known);
  const row = all[at] ?? made;
  const name = said(row, "Name");
  const named = at >= 0 && said(row, "MethodUniqueIdentifier") !== "";
  const mayTry =
    named && said(row, "MethodType") !== "Webhook" && may("Accounts", "Edit") && may("CustomConnectors", "Edit");
  const own = problems(of.Unsupported ?? []).filter((p) => p.list === "Methods" && (p.row === name || p.row === at));
  return (
    <>
      <div className={classes.methodHead}>
        <Link to="." search={{ section: "methods" } as never} className="quiet">
          <ArrowLeft size={14} aria-hidden />
          {t("workshop.allOfThem")}
        </Link>
        <h2>{at < 0 ? t("workshop.addMethod") : name}</h2>
        {mayTry && (
          <Button
            variant="default"
            leftSection={<FlaskConical size={15} aria-hidden />}
            aria-expanded={trying}
            onClick={() => setTrying(!trying)}
          >
            {t("workshop.test")}
          </Button>
        )}
      </div>
      {trying && (
        <Suspense>
          <TryMethod key={of.Revision} of={of} method={row} />
        </Suspense>
      )}
      <SectionForm
        of={of}
        values={useSame(entered(row))}
        change={(form) => ({ Methods: changedMethod(all, at < 0 ? all.length : at, meant(form)) })}
        read={(now) => {
          const there = (now.Methods ?? []) as Row[];
          const saved = there[at < 0 ? there.length - 1 : at] ?? row;
          if (at < 0) {
            const to = said(saved, "MethodUniqueIdentifier") || String(there.length - 1);
            // After the form has taken it over: what is saved is not guarded.
            setTimeout(() => void navigate({ to: ".", search: { section: "methods", method: to } as never }));
          }
          return entered(saved);
        }}
        faults={Object.fromEntries(own.map((p) => [p.field, p.text]))}
        readOnly={readOnly}
      >
        <MethodFields readOnly={readOnly} />
      </SectionForm>
    </>
  );
}

/** The entries of a method. */
function MethodFields({ readOnly }: { readOnly: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t("workshop.group.about")}>
        <PartFields shapes={method.about} readOnly={readOnly} />
      </Section>
      <Section title={t("workshop.group.request")}>
        <PartFields shapes={method.request} readOnly={readOnly} />
        <h3 className={classes.sub}>{t("workshop.list.MethodParameters")}</h3>
        <Rows
          name="Parameters"
          label={t("workshop.list.MethodParameters")}
          one={t("workshop.one.Parameters")}
          shapes={methodParameter}
          columns={["Name", "TargetType", "Value", "Default"]}
          readOnly={readOnly}
        />
        <h3 className={classes.sub}>{t("workshop.list.RequestFields")}</h3>
        <Rows
          name="RequestFields"
          label={t("workshop.list.RequestFields")}
          one={t("workshop.one.Fields")}
          shapes={field}
          columns={["ConnectorField", "DataType", "DisplayName"]}
          readOnly={readOnly}
        />
      </Section>
      <Section title={t("workshop.group.response")}>
        <PartFields shapes={method.response} readOnly={readOnly} />
        <h3 className={classes.sub}>{t("workshop.list.ResponseFields")}</h3>
        <Rows
          name="ResponseFields"
          label={t("workshop.list.ResponseFields")}
          one={t("workshop.one.Fields")}
          shapes={field}
          columns={["ConnectorField", "DataType", "DisplayName"]}
          readOnly={readOnly}
        />
      </Section>
      <Section title={t("workshop.group.paging")} lead={t("workshop.groupSays.paging")}>
        <PartFields shapes={method.paging} readOnly={readOnly} />
      </Section>
      <Section title={t("workshop.group.custom")} lead={t("workshop.groupSays.custom")}>
        <PartFields shapes={method.custom} readOnly={readOnly} />
      </Section>
      <Section title={t("workshop.section.script")}>
        <ScriptField label={t("workshop.section.script")} readOnly={readOnly} />
      </Section>
    </>
  );
}
