import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { FileJson, Pencil, Plus, Radar, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector, CustomField } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { RowMenu } from "../ui/RowMenu";
import { say } from "../ui/say";
import { Cell, type Column, Table } from "../ui/Table";
import { methodsQuery, removeField, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";

const FieldDialog = lazy(async () => ({ default: (await import("./FieldDialog")).FieldDialog }));
const FindDialog = lazy(async () => ({ default: (await import("./FindDialog")).FindDialog }));

type Open = { what: "add" | "sample" | "discover"; field?: undefined } | { what: "change"; field: CustomField };

interface Props {
  account: string;
  of: AccountConnector;
  readOnly: boolean;
}

/** Fields that the third party has in this account alone: by hand, of a sample, or as it tells itself. */
export function CustomFields({ account, of, readOnly }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <section className={classes.part} aria-labelledby="fields">
      <div className={classes.head}>
        <h2 id="fields">{t("connector.fields.title")}</h2>
        {!readOnly && (
          <span>
            <Button
              size="xs"
              variant="default"
              leftSection={<Plus size={14} aria-hidden />}
              onClick={() => setOpen({ what: "add" })}
            >
              {t("connector.fields.add")}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<FileJson size={14} aria-hidden />}
              onClick={() => setOpen({ what: "sample" })}
            >
              {t("connector.fields.sample")}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<Radar size={14} aria-hidden />}
              onClick={() => setOpen({ what: "discover" })}
            >
              {t("connector.fields.discover")}
            </Button>
          </span>
        )}
      </div>
      {of.CustomFields.length === 0 ? (
        <p className="faint">{t("connector.fields.none")}</p>
      ) : (
        <FieldTable
          account={account}
          of={of}
          readOnly={readOnly}
          onChange={(field) => setOpen({ what: "change", field })}
        />
      )}
      <Suspense>
        {(open?.what === "add" || open?.what === "change") && (
          <FieldDialog account={account} of={of} field={open.field} onClose={close} />
        )}
        {(open?.what === "sample" || open?.what === "discover") && (
          <FindDialog how={open.what} account={account} of={of} onClose={close} />
        )}
      </Suspense>
    </section>
  );
}

function FieldTable({ account, of, readOnly, onChange }: Props & { onChange(field: CustomField): void }) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const methods = useQuery(methodsQuery(account, of.Id)).data ?? [];
  const remove = useMutation({
    mutationFn: (f: CustomField) => removeField(account, of.Id, f.Id),
    onSuccess: async (_, f) => {
      await changed();
      say(t("connector.fields.removed", { name: f.DisplayName || f.ConnectorField }));
    },
  });
  const columns: Column[] = [
    { key: "field", label: t("connector.fields.field") },
    { key: "type", label: t("connector.fields.type"), wide: true },
    { key: "of", label: t("connector.fields.of") },
    { key: "how", label: t("connector.fields.how"), wide: true },
    { key: "menu", label: t("connector.fields.actions"), silent: true, right: true },
  ];
  const methodName = (f: CustomField) =>
    f.MethodUniqueIdentifier
      ? (methods.find((m) => m.MethodUniqueIdentifier === f.MethodUniqueIdentifier)?.Name ?? f.MethodUniqueIdentifier)
      : t("connector.fields.allMethods");
  return (
    <>
      <Refusal error={remove.error} />
      <Table label={t("connector.fields.title")} columns={columns}>
        {of.CustomFields.map((f) => (
          <tr key={f.Id}>
            <Cell>
              <span className={classes.field}>
                {f.DisplayName || f.ConnectorField}
                <code>{f.ConnectorField}</code>
              </span>
            </Cell>
            <Cell wide>{f.DataType}</Cell>
            <Cell>
              <span className={classes.field}>
                {methodName(f)}
                <span className="faint">
                  {t(f.ForRequestFormat ? "connector.fields.request" : "connector.fields.response")}
                </span>
              </span>
            </Cell>
            <Cell wide>{t(f.Discovered ? "connector.fields.discovered" : "connector.fields.byHand")}</Cell>
            <Cell right>
              {!readOnly && (
                <RowMenu label={t("connector.menu", { name: f.DisplayName || f.ConnectorField })}>
                  <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={() => onChange(f)}>
                    {t("connector.fields.change")}
                  </Menu.Item>
                  <Menu.Item
                    color="red"
                    leftSection={<Trash2 size={14} aria-hidden />}
                    onClick={() => remove.mutate(f)}
                  >
                    {t("connector.fields.remove")}
                  </Menu.Item>
                </RowMenu>
              )}
            </Cell>
          </tr>
        ))}
      </Table>
    </>
  );
}
