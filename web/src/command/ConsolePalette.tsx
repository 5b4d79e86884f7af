import type { PaletteProps } from "./CommandButton";
import { Palette } from "./Palette";
import { consoleIndex } from "./sources";

/** Finds all that the console has. */
export function ConsolePalette(props: PaletteProps) {
  return <Palette index={consoleIndex} {...props} />;
}
