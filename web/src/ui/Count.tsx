import { useTranslation } from "react-i18next";
import { short } from "./format";
import { Hint } from "./Hint";

/** A number, shortened when large, with the exact one on hover. */
export function Count({ n, tone }: { n: number; tone?: "bad" }) {
  const { i18n } = useTranslation();
  const text = short(n, i18n.language);
  const whole = new Intl.NumberFormat(i18n.language).format(n);
  const className = n === 0 ? "number faint" : tone === "bad" ? "number bad" : "number";
  const shown = <span className={className}>{text}</span>;
  return text === whole ? shown : <Hint label={whole}>{shown}</Hint>;
}
