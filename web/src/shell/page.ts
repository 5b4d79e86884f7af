import { lazyRouteComponent } from "@tanstack/react-router";
import { loadRoom, type Room } from "../locale/i18n";

/** A page that comes when it is opened, with the texts of its room. */
export function page<M, K extends keyof M & string>(room: Room | null, load: () => Promise<M>, name: K) {
  const both = async () => (await Promise.all([load(), room && loadRoom(room)]))[0] as Record<string, never>;
  return lazyRouteComponent(both, name);
}
