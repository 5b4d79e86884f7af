import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { accountRoutes } from "./account/routes";
import { accountsRoutes } from "./accounts/routes";
import { builderRoutes } from "./builder/routes";
import { connectorRoutes } from "./connector/routes";
import { cycleRoutes } from "./cycle/routes";
import { dashboardRoutes } from "./dashboard/routes";
import { embeddingRoutes } from "./embedding/routes";
import { libraryRoutes } from "./library/routes";
import { peopleRoutes } from "./people/routes";
import { reportRoutes } from "./report/routes";
import { doorRoutes, profileRoute } from "./session/routes";
import { settingsRoutes } from "./settings/routes";
import { Crash, NotFound } from "./shell/Crash";
import { inside, root } from "./shell/inside";
import { Shell } from "./shell/Shell";
import { templateRoutes } from "./template/routes";
import { upgradeRoutes } from "./upgrade/routes";
import { workshopRoutes } from "./workshop/routes";

inside.update({ component: Shell });

/** Each room has its routes in a file of its own. */
const tree = root.addChildren([
  ...doorRoutes,
  inside.addChildren([
    ...dashboardRoutes,
    ...accountsRoutes,
    ...accountRoutes,
    ...connectorRoutes,
    ...cycleRoutes,
    ...libraryRoutes,
    ...workshopRoutes,
    ...templateRoutes,
    ...upgradeRoutes,
    ...embeddingRoutes,
    ...builderRoutes,
    ...peopleRoutes,
    ...settingsRoutes,
    ...reportRoutes,
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
