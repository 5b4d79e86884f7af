import { Button, Menu } from "@mantine/core";
import { ArrowDown, ArrowUp, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useContext, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../ui/FormDialog";
import { RowMenu } from "../ui/RowMenu";
import { Cell, Table } from "../ui/Table";
import { type Row, said } from "./definition";
import { fromForm, toForm } from "./entered";
import { Faults, PartFields } from "./PartField";
import type { Shape } from "./shapes";
import classes from "./workshop.module.css";

interface Props {
  /** The list's name in the form. */
  name: string;
  /** What it is called. */
  label: string;
  /** What one of it is called. */
  one: string;
  shapes: readonly Shape[];
  /** What of a row is seen in the list; the first names it. */
  columns: readonly Shape["label"][];
  readOnly?: boolean;
}

/** A list of parts within a form: each is entered in a dialog, and saved with the form. */
export function Rows({ name, label, one, shapes, columns, readOnly }: Props) {
  const { t } = useTranslation();
  const form = useFormContext();
  const rows = (useWatch({ name }) as Row[] | undefined) ?? [];
  const [open, setOpen] = useState<number>();
  const set = (next: Row[]) => form.setValue(name, next, { shouldDirty: true });
  const title = (row: Row) => columns.map((c) => said(row, c)).find(Boolean) || one;
  const move = (from: number, to: number) => {
    const next = [...rows];
    next.splice(to, 0, ...next.splice(from, 1));
    set(next);
  };
  return (
    <div className={classes.rows}>
      {rows.length > 0 && (
        <Table
          label={label}
          columns={[
            ...columns.map((c, i) => ({ key: c, label: t(`workshop.part.${c}`), wide: i > 1 })),
            { key: "menu", label: t("workshop.acts"), right: true, silent: true },
          ]}
        >
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list of parts has an order and no ids
            <tr key={i}>
              {columns.map((c, n) => (
                <Cell key={c} wide={n > 1}>
                  {n > 0 ? said(row, c) : <RowName at={`${name}.${i}`} title={title(row)} onOpen={() => setOpen(i)} />}
                </Cell>
              ))}
              <Cell right>
                {!readOnly && (
                  <RowMenu label={t("workshop.moreOf", { name: title(row) })}>
                    <Menu.Item
                      leftSection={<ArrowUp size={15} aria-hidden />}
                      disabled={i === 0}
                      onClick={() => move(i, i - 1)}
                    >
                      {t("workshop.up")}
                    </Menu.Item>
                    <Menu.Item
                      leftSection={<ArrowDown size={15} aria-hidden />}
                      disabled={i === rows.length - 1}
                      onClick={() => move(i, i + 1)}
                    >
                      {t("workshop.down")}
                    </Menu.Item>
                    <Menu.Item
                      color="red"
                      leftSection={<Trash2 size={15} aria-hidden />}
                      onClick={() => set(rows.filter((_, n) => n !== i))}
                    >
                      {t("workshop.remove")}
                    </Menu.Item>
                  </RowMenu>
                )}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {!readOnly && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => setOpen(rows.length)}
        >
          {t("workshop.add", { one })}
        </Button>
      )}
      {open !== undefined && (
        <RowDialog
          title={rows[open] ? title(rows[open]) : t("workshop.add", { one })}
          row={rows[open] ?? {}}
          shapes={shapes}
          readOnly={readOnly}
          onDone={(row) => set(open < rows.length ? rows.map((r, i) => (i === open ? row : r)) : [...rows, row])}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

/** The name of a row, which opens it, and what is wrong with it. */
function RowName({ at, title, onOpen }: { at: string; title: string; onOpen(): void }) {
  const faults = Object.entries(useContext(Faults)).filter(([field]) => field === at || field.startsWith(`${at}.`));
  return (
    <>
      <button type="button" className={classes.rowName} onClick={onOpen}>
        {title}
      </button>
      {faults.map(([field, text]) => (
        <p key={field} className={classes.fault}>
          <TriangleAlert size={13} aria-hidden />
          {[field.slice(at.length + 1), text].filter(Boolean).join(": ")}
        </p>
      ))}
    </>
  );
}

function RowDialog(props: {
  title: string;
  row: Row;
  shapes: readonly Shape[];
  readOnly?: boolean;
  onDone(row: Row): void;
  onClose(): void;
}) {
  const { t } = useTranslation();
  return (
    <FormDialog
      title={props.title}
      act={t("workshop.done")}
      values={toForm(props.row, props.shapes)}
      save={async (values) => fromForm(values, props.shapes)}
      onDone={(row) => {
        if (!props.readOnly) props.onDone(row);
        props.onClose();
      }}
      onClose={props.onClose}
    >
      <Faults.Provider value={{}}>
        <PartFields shapes={props.shapes} readOnly={props.readOnly} />
      </Faults.Provider>
    </FormDialog>
  );
}
