import { Button, TextInput } from "@mantine/core";
import { Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { contrast, isColor, ownAccent, readable } from "./color";
import classes from "./settings.module.css";

/** The accent colour: by the browser's own chooser, or typed. */
export function ColorField() {
  const { t } = useTranslation();
  return (
    <Controller
      name="AccentColor"
      render={({ field: { ref, value, onChange, ...field }, fieldState }) => {
        const text: string = value ?? "";
        const pale = isColor(text) && contrast(text.trim()) < readable;
        return (
          <div className={classes.color}>
            <TextInput
              {...field}
              ref={ref}
              value={text}
              onChange={onChange}
              label={t("settings.appearance.color")}
              description={t("settings.appearance.colorHint")}
              placeholder={ownAccent}
              autoComplete="off"
              spellCheck={false}
              error={fieldState.error?.message ?? (pale && t("settings.appearance.pale"))}
              leftSection={
                <input
                  type="color"
                  aria-label={t("settings.appearance.choose")}
                  value={isColor(text) ? text.trim().toLowerCase() : ownAccent}
                  disabled={field.disabled}
                  onChange={(e) => onChange(e.currentTarget.value)}
                />
              }
              rightSectionWidth={72}
              rightSection={
                text &&
                !field.disabled && (
                  <Button variant="subtle" size="compact-xs" onClick={() => onChange("")}>
                    {t("settings.appearance.reset")}
                  </Button>
                )
              }
            />
          </div>
        );
      }}
    />
  );
}
