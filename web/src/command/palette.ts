import { lazy } from "react";
import { loadRoom } from "../locale/i18n";

/** The console's palette, which comes with its texts when it is opened. */
export const consolePalette = lazy(async () => {
  const [room] = await Promise.all([import("./ConsolePalette"), loadRoom("command")]);
  return { default: room.ConsolePalette };
});
