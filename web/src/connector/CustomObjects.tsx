import { ActionIcon, Button, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector, CustomObjects as Category } from "../api/schema";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { categoriesQuery, copyCategory, removeCategory, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";

interface Props {
  account: string;
  of: AccountConnector;
  readOnly: boolean;
}

/** The third party's own kinds of objects, for which the connector's methods are made anew. */
export function CustomObjects({ account, of, readOnly }: Props) {
  const { t } = useTranslation();
  const categories = useQuery(categoriesQuery(account, of.Id));
  if (categories.data?.length === 0 || categories.isPending) return null;
  return (
    <section className={classes.part} aria-labelledby="objects">
      <h2 id="objects">{t("connector.objects.title")}</h2>
      <p className="faint">{t("connector.objects.lead")}</p>
      <Refusal error={categories.error} />
      {!categories.data && !categories.error && <Skeleton height={60} />}
      {categories.data?.map((c) => (
        <CategoryPart key={c.Name} account={account} of={of} readOnly={readOnly} category={c} />
      ))}
    </section>
  );
}

function CategoryPart({ account, of, readOnly, category }: Props & { category: Category }) {
  const { t } = useTranslation();
  const changed = useConnectorsChanged(account);
  const [object, setObject] = useState("");
  const open = category.Objects.filter((o) => !category.Copies.some((c) => c.ObjectName === o.Value));
  const add = useMutation({
    mutationFn: () => {
      const display = open.find((o) => o.Value === object)?.Name ?? object;
      return copyCategory(account, of.Id, category.Name, object, display);
    },
    onSuccess: async (made) => {
      setObject("");
      await changed();
      say(t("connector.objects.added", { name: made.DisplayName }));
    },
  });
  const remove = useMutation({ mutationFn: (id: number) => removeCategory(account, of.Id, id), onSuccess: changed });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (object) add.mutate();
  };
  const label = t("connector.objects.object", { category: category.Name });
  return (
    <div className={classes.objects}>
      <h3>{category.Name}</h3>
      {category.Copies.length > 0 && (
        <ul>
          {category.Copies.map((c) => (
            <li key={c.Id}>
              {c.DisplayName} <span className="faint">{c.ObjectName}</span>
              {!readOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={t("connector.objects.remove", { name: c.DisplayName })}
                  onClick={() => remove.mutate(c.Id)}
                >
                  <X size={14} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {!readOnly && (
        <form onSubmit={submit} className={classes.line}>
          {category.Objects.length > 0 ? (
            <NativeSelect
              aria-label={label}
              value={object}
              data={[
                { value: "", label: t("connector.objects.choose") },
                ...open.map((o) => ({ value: o.Value, label: o.Name })),
              ]}
              onChange={(e) => setObject(e.currentTarget.value)}
            />
          ) : (
            <TextInput
              aria-label={label}
              placeholder={label}
              value={object}
              onChange={(e) => setObject(e.currentTarget.value)}
            />
          )}
          <Button
            type="submit"
            variant="default"
            disabled={!object}
            loading={add.isPending}
            leftSection={<Plus size={14} aria-hidden />}
          >
            {t("connector.objects.add")}
          </Button>
        </form>
      )}
      {category.ObjectsNote && <p className="faint">{t("connector.objects.unknown", { why: category.ObjectsNote })}</p>}
      <Refusal error={add.error ?? remove.error} />
    </div>
  );
}
