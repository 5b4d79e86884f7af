import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { AreaField, SelectField, TextField } from "../ui/field";
import { foldersQuery } from "./calls";
import { branches } from "./folders";

/** What is said of a template by people; "" is no folder. */
export interface About {
  Name: string;
  Description: string;
  Tags: string[];
  FolderId: string;
}

export const aboutOf = ({ Name, Description, Tags, FolderId }: Template): About => ({
  Name,
  Description,
  Tags,
  FolderId: FolderId ?? "",
});

/** The same, as the API takes it. */
export const asChange = (about: About) => ({ ...about, FolderId: about.FolderId || null });

export function AboutFields() {
  const { t } = useTranslation();
  return (
    <>
      <TextField name="Name" label={t("template.name")} required data-autofocus />
      <AreaField name="Description" label={t("template.description")} />
      <TagsField />
      <FolderField name="FolderId" label={t("template.folder")} />
    </>
  );
}

function TagsField() {
  const { t } = useTranslation();
  const { getFieldState, formState } = useFormContext();
  return (
    <Controller
      name="Tags"
      render={({ field }) => (
        <TagsInput
          {...field}
          label={t("template.tags")}
          description={t("template.tagsHint")}
          placeholder={field.value.length === 0 && !field.disabled ? t("template.addTag") : undefined}
          error={getFieldState("Tags", formState).error?.message}
        />
      )}
    />
  );
}

/** A choice of folders, by their paths; "" is none. */
export function FolderField(props: { name: string; label: string; without?: string }) {
  const { t } = useTranslation();
  const folders = useQuery(foldersQuery);
  const data = branches(folders.data ?? [], props.without).map((b) => ({ value: b.folder.Id, label: b.path }));
  return (
    <SelectField
      // A select shows the value that it got before its options only when it is made anew.
      key={String(folders.isPending)}
      name={props.name}
      label={props.label}
      data={[{ value: "", label: t("template.noFolder") }, ...data]}
    />
  );
}
