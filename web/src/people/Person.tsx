import { useTranslation } from "react-i18next";
import { Hint } from "../ui/Hint";
import classes from "./people.module.css";
import { called, type Somebody } from "./person";

/** Who somebody is: name and email, or what there is of them. */
export function Person({ user }: { user: Somebody }) {
  const name = called(user);
  const more = [user.Username, user.Email].find((v) => v && v !== name);
  return (
    <div className={classes.person}>
      <strong>{name}</strong>
      {more && <span>{more}</span>}
    </div>
  );
}

/** That somebody is let in by the partner's program alone. */
export function ApiUser() {
  const { t } = useTranslation();
  return (
    <Hint label={t("people.apiUserHint")}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the hint is for the keyboard, too */}
      <span className="faint" tabIndex={0}>
        {t("people.apiUser")}
      </span>
    </Hint>
  );
}
