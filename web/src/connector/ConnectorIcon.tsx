import classes from "./connector.module.css";

/** A connector's icon, or its first letter. Only images inside the answer itself are shown. */
export function ConnectorIcon({ icon, name, small }: { icon?: string | null; name: string; small?: boolean }) {
  const size = small ? 16 : 28;
  if (icon?.startsWith("data:image/")) {
    return (
      <img src={icon} alt="" width={size} height={size} className={classes.icon} data-small={small || undefined} />
    );
  }
  return (
    <span className={classes.letter} data-small={small || undefined} aria-hidden>
      {name.trim().charAt(0).toUpperCase() || "?"}
    </span>
  );
}
