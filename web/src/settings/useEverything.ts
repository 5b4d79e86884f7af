import { useMay } from "../session/may";
import { areas } from "./team";

/** Whether who is signed in may do everything, which some things take. */
export function useEverything(): boolean {
  const may = useMay();
  return areas.every((a) => may(a, "Manage"));
}
