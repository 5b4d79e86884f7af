import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter } from "@tanstack/react-router";
import { account, accountRoutes, settings, users } from "../account/routes";
import { designRoutes } from "../builder/routes";
import { connectorRoutes } from "../connector/routes";
import { cycleRoutes } from "../cycle/routes";
import { Crash, NotFound } from "../shell/Crash";
import { inside, root } from "../shell/inside";
import { page } from "../shell/page";
import { AccountPlace } from "./AccountPlace";
import { withoutAccount } from "./address";
import { OwnShell } from "./OwnShell";
import { profilePath } from "./places";
import type { OwnSession } from "./session";

inside.update({ component: OwnShell });
account.update({ component: AccountPlace });
users.update({ component: page("people", () => import("./UsersPage"), "UsersPage") });
settings.update({ component: page("tenant", () => import("./SettingsPage"), "SettingsPage") });

const profile = createRoute({
  getParentRoute: () => inside,
  path: profilePath as string,
  component: page("people", () => import("./ProfilePage"), "ProfilePage"),
});

/** The routes of an account, and none of the console's but those. */
const tree = root.addChildren([
  inside.addChildren([...accountRoutes, ...connectorRoutes, ...cycleRoutes, ...designRoutes, profile]),
]);

export function newRouter(queries: QueryClient, session: OwnSession) {
  return createRouter({
    routeTree: tree,
    basepath: `/account/${session.Id}`,
    rewrite: withoutAccount(session.Account.Id),
    context: { queries },
    defaultErrorComponent: Crash,
    defaultNotFoundComponent: NotFound,
    defaultPreload: false,
    scrollRestoration: true,
  });
}
