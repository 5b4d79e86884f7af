import type { PaletteProps } from "./CommandButton";
import { Palette } from "./Palette";
import { consoleSources } from "./sources";

/** Finds all that the console has. */
export function ConsolePalette(props: PaletteProps) {
  return <Palette sources={consoleSources} {...props} />;
}
