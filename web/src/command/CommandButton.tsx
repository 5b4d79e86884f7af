import { useHotkeys } from "@mantine/hooks";
import { Search } from "lucide-react";
import { type ComponentType, type LazyExoticComponent, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Group } from "../shell/places";
import classes from "./button.module.css";

export interface PaletteProps {
  /** The pages that there are. */
  places: readonly Group[];
  onClose(): void;
}

/** The key that goes with K: what a keyboard's own shortcuts begin with. */
const apple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Opens a palette, which comes when it is opened first; Ctrl-K, or ⌘K, does it from anywhere. */
export function CommandButton({
  places,
  palette: Palette,
}: {
  places: readonly Group[];
  palette: LazyExoticComponent<ComponentType<PaletteProps>>;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const toggle = () => setOpen((was) => !was && !document.querySelector('[role="dialog"]'));
  useHotkeys([["mod+K", toggle]], [], true);
  return (
    <>
      <button
        type="button"
        className={classes.find}
        aria-haspopup="dialog"
        aria-keyshortcuts={apple ? "Meta+K" : "Control+K"}
        onClick={() => setOpen(true)}
      >
        <Search size={15} aria-hidden />
        <span>{t("app.find")}</span>
        <kbd aria-hidden>{apple ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      {open && (
        <Suspense>
          <Palette places={places} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
