import { Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, SearchX, Trash2, TriangleAlert, Workflow } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { RowMenu } from "../ui/RowMenu";
import { Search } from "../ui/Search";
import { Empty } from "../ui/State";
import { say } from "../ui/say";
import { Cell, Table } from "../ui/Table";
import { changeCustom, customQuery } from "./calls";
import { changedMethod, problems, type Row, said } from "./definition";
import classes from "./workshop.module.css";

/** So many methods are shown at once; a search finds the others. */
const shown = 100;

/** The methods of a connector, each of which has a page of its own. */
export function MethodsSection({ of, readOnly }: { of: CustomConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [removing, setRemoving] = useState<number>();
  const all = (of.Methods ?? []) as Row[];
  const faults = problems(of.Unsupported ?? []).filter((p) => p.list === "Methods");
  const found = all
    .map((m, at) => ({ m, at }))
    .filter(({ m }) => `${said(m, "Name")} ${said(m, "Category")}`.toLowerCase().includes(query.toLowerCase()));
  const add = () => navigate({ to: ".", search: { section: "methods", method: "new" } as never });
  return (
    <section aria-label={t("workshop.section.methods")}>
      <div className="filters">
        {all.length > 0 && <Search label={t("workshop.searchMethods")} value={query} onChange={setQuery} />}
        {!readOnly && (
          <span className="end">
            <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={add}>
              {t("workshop.addMethod")}
            </Button>
          </span>
        )}
      </div>
      {all.length === 0 ? (
        <Empty icon={Workflow} title={t("workshop.noMethods")}>
          {t("workshop.noMethodsHint")}
        </Empty>
      ) : found.length === 0 ? (
        <Empty icon={SearchX} title={t("list.noMatch")} />
      ) : (
        <Table
          label={t("workshop.section.methods")}
          columns={[
            { key: "name", label: t("workshop.part.Name") },
            { key: "call", label: t("workshop.call"), wide: true },
            { key: "category", label: t("workshop.part.Category"), wide: true },
            { key: "menu", label: t("workshop.acts"), right: true, silent: true },
          ]}
        >
          {found.slice(0, shown).map(({ m, at }) => (
            <tr key={at}>
              <Cell>
                <Link
                  to="."
                  search={{ section: "methods", method: said(m, "MethodUniqueIdentifier") || String(at) } as never}
                  className="row-link"
                >
                  {said(m, "Name") || t("workshop.unnamed")}
                </Link>
                {faults
                  .filter((p) => p.row === said(m, "Name") || p.row === at)
                  .map((p) => (
                    <p key={p.field + p.text} className={classes.fault}>
                      <TriangleAlert size={13} aria-hidden />
                      {[p.field, p.text].filter(Boolean).join(": ")}
                    </p>
                  ))}
              </Cell>
              <Cell wide>
                <code className={classes.code}>
                  {said(m, "HttpMethod") || said(m, "MethodType")} {said(m, "EndPoint")}
                </code>
              </Cell>
              <Cell wide>{said(m, "Category")}</Cell>
              <Cell right>
                {!readOnly && (
                  <RowMenu label={t("workshop.moreOf", { name: said(m, "Name") })}>
                    <Menu.Item
                      color="red"
                      leftSection={<Trash2 size={15} aria-hidden />}
                      onClick={() => setRemoving(at)}
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
      <p className="faint" role="status">
        {found.length > shown && t("workshop.moreMethods", { count: found.length - shown })}
      </p>
      {removing !== undefined && <RemoveDialog of={of} at={removing} onClose={() => setRemoving(undefined)} />}
    </section>
  );
}

function RemoveDialog({ of, at, onClose }: { of: CustomConnector; at: number; onClose(): void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const all = (of.Methods ?? []) as Row[];
  const name = said(all[at] ?? {}, "Name");
  const remove = useMutation({
    mutationFn: () => changeCustom(of, { Methods: changedMethod(all, at, null) }),
    onSuccess: (now) => {
      queries.setQueryData(customQuery(of.Id ?? 0).queryKey, now);
      onClose();
      say(t("workshop.removed", { name }));
    },
  });
  return (
    <Dialog
      title={t("workshop.removeOf", { name })}
      act={t("workshop.remove")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t("workshop.removeSays")}</p>
    </Dialog>
  );
}
