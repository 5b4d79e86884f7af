import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Appearance } from "../api/schema";
import { variables } from "../shell/look";
import { Mark } from "../shell/Mark";
import { isColor, ownAccent } from "./color";
import classes from "./Preview.module.css";

/** What comes of an appearance, before it is saved: the console, and a customer's screen, in light and dark. */
export function Preview() {
  const { t } = useTranslation();
  const [name, typed, logo] = useWatch<Appearance, ["ProductName", "AccentColor", "Logo"]>({
    name: ["ProductName", "AccentColor", "Logo"],
  });
  const color = isColor(typed ?? "") ? typed.trim().toLowerCase() : ownAccent;
  const brand = (size: number) => (logo ? <img src={logo} alt="" height={size} /> : <Mark size={size} />);
  return (
    <section className={classes.preview} aria-label={t("settings.appearance.preview")} style={variables(color)}>
      <h2>{t("settings.appearance.preview")}</h2>
      {(["light", "dark"] as const).map((scheme) => (
        <div key={scheme} className={classes.pane} data-scheme={scheme} aria-hidden>
          <div className={classes.side}>
            <strong>
              {brand(20)}
              <span>{name?.trim() || t("app.name")}</span>
            </strong>
            <i data-on />
            <i />
            <i />
          </div>
          <div className={classes.page}>
            <b>{t("settings.appearance.sample")}</b>
            <u>{t("settings.appearance.sampleLink")}</u>
            <em>{t("settings.appearance.sampleButton")}</em>
          </div>
        </div>
      ))}
    </section>
  );
}
