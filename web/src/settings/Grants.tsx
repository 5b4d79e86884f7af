import { useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { SwitchField } from "../ui/field";
import classes from "./settings.module.css";
import { areas, levels, type Rights } from "./team";
import { useEverything } from "./useEverything";

/** What somebody may do: everything, or a level for each area. What one has not oneself cannot be given. */
export function Grants() {
  const { t } = useTranslation();
  const { watch, register } = useFormContext<{ FullAccess: boolean; Permissions: Rights }>();
  const mine = useMay();
  const all = useEverything();
  return (
    <>
      {all && (
        <SwitchField name="FullAccess" label={t("settings.team.full")} description={t("settings.team.fullHint")} />
      )}
      {!watch("FullAccess") && (
        <table className={classes.grants} aria-label={t("settings.team.permissions")}>
          <thead>
            <tr>
              <th scope="col">{t("settings.team.area")}</th>
              {levels.map((l) => (
                <th key={l} scope="col">
                  {t(`settings.levels.${l}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {areas.map((area) => (
              <tr key={area}>
                <th scope="row">{t(`settings.areas.${area}`)}</th>
                {levels.map((level) => (
                  <td key={level}>
                    <input
                      type="radio"
                      value={level}
                      disabled={level !== "None" && !mine(area, level)}
                      aria-label={t("settings.team.held", {
                        area: t(`settings.areas.${area}`),
                        level: t(`settings.levels.${level}`),
                      })}
                      {...register(`Permissions.${area}`)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
