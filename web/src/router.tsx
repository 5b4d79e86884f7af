import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { accountRoutes } from "./account/routes";
import { accountsRoutes } from "./accounts/routes";
import { builderRoutes } from "./builder/routes";
import { peopleRoutes } from "./people/routes";
import { doorRoutes, profileRoute } from "./session/routes";
import { Crash, NotFound } from "./shell/Crash";
import { inside, root } from "./shell/inside";
import { templateRoutes } from "./template/routes";

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/accounts", replace: true });
  },
});

/** Each room has its routes in a file of its own. */
const tree = root.addChildren([
  ...doorRoutes,
  inside.addChildren([
    home,
    ...accountsRoutes,
    ...accountRoutes,
    ...templateRoutes,
    ...builderRoutes,
    ...peopleRoutes,
    profileRoute,
  ]),
]);

export function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { queries },
    defaultErrorComponent: Crash,
    defaultNotFoundComponent: NotFound,
    defaultPreload: false,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
