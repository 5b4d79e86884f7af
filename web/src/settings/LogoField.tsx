import { Button, FileButton } from "@mantine/core";
import { ImagePlus, Trash2 } from "lucide-react";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Appearance } from "../api/schema";
import classes from "./settings.module.css";

/** The largest file, in bytes. */
const most = 64 * 1024;

/** A file as a data: URL. */
const read = (file: File) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** A PNG that stands where the product's mark would. */
export function LogoField() {
  const { t } = useTranslation();
  const { setError, clearErrors } = useFormContext<Appearance>();
  return (
    <Controller
      name="Logo"
      render={({ field: { value, onChange, disabled }, fieldState }) => {
        const choose = async (file: File | null) => {
          if (!file) return;
          clearErrors("Logo");
          if (file.type !== "image/png") setError("Logo", { message: t("settings.appearance.notPng") });
          else if (file.size > most) setError("Logo", { message: t("settings.appearance.tooLarge") });
          else onChange(await read(file));
        };
        return (
          <div className={classes.logo}>
            <span id="logo-label">{t("settings.appearance.logo")}</span>
            <p>{t("settings.appearance.logoHint")}</p>
            <div>
              {value && <img src={value} alt={t("settings.appearance.logoNow")} />}
              {!disabled && (
                <>
                  <FileButton accept="image/png" onChange={choose}>
                    {(props) => (
                      <Button
                        {...props}
                        variant="default"
                        size="xs"
                        aria-describedby="logo-label"
                        leftSection={<ImagePlus size={14} aria-hidden />}
                      >
                        {t(value ? "settings.appearance.replace" : "settings.appearance.upload")}
                      </Button>
                    )}
                  </FileButton>
                  {value && (
                    <Button
                      variant="subtle"
                      size="xs"
                      leftSection={<Trash2 size={14} aria-hidden />}
                      onClick={() => onChange("")}
                    >
                      {t("settings.appearance.noLogo")}
                    </Button>
                  )}
                </>
              )}
            </div>
            <span role="alert" className="bad">
              {fieldState.error?.message}
            </span>
          </div>
        );
      }}
    />
  );
}
