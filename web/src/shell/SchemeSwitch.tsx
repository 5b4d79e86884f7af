import { useMantineColorScheme } from "@mantine/core";
import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import classes from "./Shell.module.css";

const choices = [
  ["light", Sun],
  ["dark", Moon],
  ["auto", Monitor],
] as const;

/** Light, dark, or as the system has it; kept in this browser. */
export function SchemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <fieldset className={classes.schemes}>
      <legend className="sr-only">{t("app.scheme.label")}</legend>
      {choices.map(([scheme, Icon]) => (
        <label key={scheme} className={classes.scheme} title={t(`app.scheme.${scheme}`)}>
          <input
            type="radio"
            name="scheme"
            className="sr-only"
            checked={colorScheme === scheme}
            onChange={() => setColorScheme(scheme)}
          />
          <Icon size={14} aria-hidden />
          <span className="sr-only">{t(`app.scheme.${scheme}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
