import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "./api/query";
import { cycleFilters, pageFilter, signInSearch, stepChoice, textFilter, transactionFilters } from "./search";
import { Crash, NotFound } from "./shell/Crash";
import { Shell } from "./shell/Shell";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./session/SignInPage"), "SignInPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./session/InvitationPage"), "InvitationPage"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("./session/ForgotPage"), "ForgotPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("./session/ResetPage"), "ResetPage"),
});

/** Everything below is for those who are signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: "/sign-in", search: { to: location.href } });
    return { session };
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/accounts", replace: true });
  },
});

const accounts = createRoute({
  getParentRoute: () => inside,
  path: "/accounts",
  validateSearch: textFilter,
  component: lazyRouteComponent(() => import("./accounts/AccountsPage"), "AccountsPage"),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account",
  component: lazyRouteComponent(() => import("./account/AccountPage"), "AccountPage"),
});

const accountHome = createRoute({
  getParentRoute: () => account,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/accounts/$account/cycles", params, replace: true });
  },
});

const cycles = createRoute({
  getParentRoute: () => account,
  path: "/cycles",
  validateSearch: cycleFilters,
  component: lazyRouteComponent(() => import("./cycle/CyclesTab"), "CyclesTab"),
});

const transactions = createRoute({
  getParentRoute: () => account,
  path: "/transactions",
  validateSearch: transactionFilters,
  component: lazyRouteComponent(() => import("./transaction/TransactionsTab"), "TransactionsTab"),
});

const connectors = createRoute({
  getParentRoute: () => account,
  path: "/connectors",
  validateSearch: textFilter,
  component: lazyRouteComponent(() => import("./connector/ConnectorsTab"), "ConnectorsTab"),
});

const errors = createRoute({
  getParentRoute: () => account,
  path: "/errors",
  validateSearch: pageFilter,
  component: lazyRouteComponent(() => import("./transaction/ErrorsTab"), "ErrorsTab"),
});

const profile = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: lazyRouteComponent(() => import("./session/ProfilePage"), "ProfilePage"),
});

const transaction = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/cycles/$cycle/transactions/$transaction",
  validateSearch: stepChoice,
  component: lazyRouteComponent(() => import("./transaction/TransactionPage"), "TransactionPage"),
});

const tree = root.addChildren([
  signIn,
  invitation,
  forgot,
  reset,
  inside.addChildren([
    home,
    accounts,
    account.addChildren([accountHome, cycles, transactions, connectors, errors]),
    profile,
    transaction,
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
