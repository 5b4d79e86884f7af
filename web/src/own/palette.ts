import { lazy } from "react";
import { loadRoom } from "../locale/i18n";

/** The palette of an account's own people, which comes with its texts when it is opened. */
export const ownPalette = lazy(async () => {
  const [room] = await Promise.all([import("./OwnPalette"), loadRoom("command")]);
  return { default: room.OwnPalette };
});
