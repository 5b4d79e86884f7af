import { lazyRouteComponent } from "@tanstack/react-router";
import { loadRoom, type Room } from "../locale/i18n";

/** A page that comes when it is opened, with the texts of its room, or of those that it is made of. */
export function page<M, K extends keyof M & string>(room: Room | Room[] | null, load: () => Promise<M>, name: K) {
  const rooms = [room ?? []].flat();
  const both = async () => (await Promise.all([load(), ...rooms.map(loadRoom)]))[0] as Record<string, never>;
  return lazyRouteComponent(both, name);
}
