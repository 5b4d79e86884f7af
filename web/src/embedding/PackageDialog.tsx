import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Marketplace, MarketplacePackage } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { AreaField, NumberField, TextField } from "../ui/field";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { putPackage, templateNamesQuery, useChanged } from "./calls";

interface Props {
  of: Marketplace;
  /** The one to change; none: a new one. */
  package?: MarketplacePackage;
  onClose(): void;
}

/** Puts a package into a marketplace, or changes it. */
export function PackageDialog({ of, package: old, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useChanged();
  return (
    <FormDialog
      title={old ? t("embedding.editOf", { name: old.Name }) : t("embedding.newPackage")}
      act={old ? t("form.save") : t("embedding.create")}
      values={{
        Name: old?.Name ?? "",
        Description: old?.Description ?? "",
        TemplateIds: old?.TemplateIds ?? [],
        Order: (old?.Order ?? 0) as number | null,
      }}
      save={({ Order, ...v }) => putPackage(of.Id, old?.Id, { ...v, Order: Order ?? 0 })}
      onDone={async ({ Name }) => {
        say(t("embedding.packageSaved", { name: Name }));
        onClose();
        await changed();
      }}
      onClose={onClose}
    >
      <TextField name="Name" label={t("embedding.name")} data-autofocus />
      <AreaField name="Description" label={t("embedding.description")} />
      <TemplatesField />
      <NumberField name="Order" label={t("embedding.order")} description={t("embedding.orderHint")} />
    </FormDialog>
  );
}

/** The templates that are installed together. */
function TemplatesField() {
  const { t } = useTranslation();
  const { data = [], error } = useQuery(templateNamesQuery);
  const [open, setOpen] = useState(false);
  const names = data.map((n) => ({ ...n, label: n.offered ? n.label : t("embedding.notOffered", { name: n.label }) }));
  return (
    <>
      <Refusal error={error} />
      <Controller
        name="TemplateIds"
        render={({ field: { value, onChange, onBlur, ref }, fieldState }) => (
          <MultiSelect
            ref={ref}
            label={t("nav.templates")}
            description={t("embedding.templatesHint")}
            data={names}
            value={value as string[]}
            onChange={onChange}
            onBlur={onBlur}
            error={fieldState.error?.message}
            searchable
            hidePickedOptions
            limit={50}
            // Closed by a choice, or it would lie over the buttons below it.
            dropdownOpened={open}
            onDropdownOpen={() => setOpen(true)}
            onDropdownClose={() => setOpen(false)}
            onOptionSubmit={() => setOpen(false)}
            maxDropdownHeight={240}
            nothingFoundMessage={t("embedding.noTemplate")}
          />
        )}
      />
    </>
  );
}
