import { useTranslation } from "react-i18next";
import { CopyButton } from "../ui/CopyButton";
import classes from "./embedding.module.css";

/** Code to copy. */
export function Sample({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  return (
    <figure className={classes.sample}>
      <figcaption>
        {label}
        <CopyButton text={text} label={t("action.copy")} name={t("embedding.copyOf", { what: label })} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it */}
      <section tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
    </figure>
  );
}
