import { Checkbox, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Mapping } from "../api/schema";
import { type Target, typeOf } from "./mapping";
import classes from "./setup.module.css";

interface Props {
  target: Target;
  mapping?: Mapping;
  launch: boolean;
  onChange(m: Mapping): void;
}

/** What few mappings need: whether the customer chooses, how dates are written, and what joins lists. */
export function MappingMore({ target, mapping, launch, onChange }: Props) {
  const { t } = useTranslation();
  const m: Mapping = mapping ?? { Target: target.name, MappingType: "Ignore" };
  const source = typeOf(m) === "StepOutput";
  const dates = target.type === "DateTime" && (source || typeOf(m) === "StaticValue");
  return (
    <div className={classes.more}>
      {launch && (
        <Checkbox
          size="xs"
          label={t("builder.launch.visible")}
          checked={Boolean(m.IsLaunchVisible)}
          onChange={(e) => onChange({ ...m, IsLaunchVisible: e.currentTarget.checked || undefined })}
        />
      )}
      {launch && m.IsLaunchVisible && (
        <>
          <TextInput
            size="xs"
            label={t("builder.launch.name")}
            placeholder={target.label}
            value={m.LaunchName ?? ""}
            onChange={(e) => onChange({ ...m, LaunchName: e.currentTarget.value || undefined })}
          />
          <Checkbox
            size="xs"
            label={t("builder.launch.required")}
            checked={Boolean(m.IsLaunchRequired)}
            onChange={(e) => onChange({ ...m, IsLaunchRequired: e.currentTarget.checked || undefined })}
          />
        </>
      )}
      {dates && (
        <TextInput
          size="xs"
          label={t("builder.map.format")}
          placeholder="dd/MM/yyyy HH:mm"
          value={m.Format ?? ""}
          onChange={(e) => onChange({ ...m, Format: e.currentTarget.value || undefined })}
        />
      )}
      {source && (
        <TextInput
          size="xs"
          label={t("builder.map.key")}
          description={t("builder.map.keySays")}
          placeholder="[items].sku"
          value={m.CollectionKey ?? ""}
          onChange={(e) => onChange({ ...m, CollectionKey: e.currentTarget.value || undefined })}
        />
      )}
    </div>
  );
}
