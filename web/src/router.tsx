import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { AccountPage } from "./account/AccountPage";
import { AccountsPage } from "./accounts/AccountsPage";
import { sessionQuery } from "./api/query";
import { ConnectorsTab } from "./connector/ConnectorsTab";
import { CyclesTab } from "./cycle/CyclesTab";
import { cycleFilters, pageFilter, signInSearch, stepChoice, textFilter, transactionFilters } from "./search";
import { ForgotPage } from "./session/ForgotPage";
import { InvitationPage } from "./session/InvitationPage";
import { ProfilePage } from "./session/ProfilePage";
import { ResetPage } from "./session/ResetPage";
import { SignInPage } from "./session/SignInPage";
import { Crash, NotFound } from "./shell/Crash";
import { Shell } from "./shell/Shell";
import { ErrorsTab } from "./transaction/ErrorsTab";
import { TransactionPage } from "./transaction/TransactionPage";
import { TransactionsTab } from "./transaction/TransactionsTab";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: SignInPage,
});

const invitation = createRoute({ getParentRoute: () => root, path: "/invitation", component: InvitationPage });
const forgot = createRoute({ getParentRoute: () => root, path: "/forgot", component: ForgotPage });
const reset = createRoute({ getParentRoute: () => root, path: "/reset", component: ResetPage });

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
  component: AccountsPage,
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account",
  component: AccountPage,
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
  component: CyclesTab,
});

const transactions = createRoute({
  getParentRoute: () => account,
  path: "/transactions",
  validateSearch: transactionFilters,
  component: TransactionsTab,
});

const connectors = createRoute({
  getParentRoute: () => account,
  path: "/connectors",
  validateSearch: textFilter,
  component: ConnectorsTab,
});

const errors = createRoute({
  getParentRoute: () => account,
  path: "/errors",
  validateSearch: pageFilter,
  component: ErrorsTab,
});

const profile = createRoute({ getParentRoute: () => inside, path: "/profile", component: ProfilePage });

const transaction = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/cycles/$cycle/transactions/$transaction",
  validateSearch: stepChoice,
  component: TransactionPage,
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
