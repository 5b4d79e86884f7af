import { createRoute, redirect } from "@tanstack/react-router";
import { cycleListFilter } from "../cycle/address";
import { accountReportFilter } from "../report/address";
import { listFilter, pageFilter, stepChoice, textFilter, transactionFilters } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

/** An account, as its partner sees it: each section is a page. */
export const account = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account",
  component: page(null, () => import("./AccountPage"), "AccountPage"),
});

const home = createRoute({
  getParentRoute: () => account,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/accounts/$account/cycles", params, replace: true });
  },
});

const cycles = createRoute({
  getParentRoute: () => account,
  path: "/cycles",
  validateSearch: cycleListFilter,
  component: page("cycle", () => import("../cycle/CyclesTab"), "CyclesTab"),
});

const templates = createRoute({
  getParentRoute: () => account,
  path: "/templates",
  validateSearch: listFilter,
  component: page("cycle", () => import("../cycle/TemplatesTab"), "TemplatesTab"),
});

const transactions = createRoute({
  getParentRoute: () => account,
  path: "/transactions",
  validateSearch: transactionFilters,
  component: page("transaction", () => import("../transaction/TransactionsTab"), "TransactionsTab"),
});

const connectors = createRoute({
  getParentRoute: () => account,
  path: "/connectors",
  validateSearch: textFilter,
  component: page("connector", () => import("../connector/ConnectorsTab"), "ConnectorsTab"),
});

const errors = createRoute({
  getParentRoute: () => account,
  path: "/errors",
  validateSearch: pageFilter,
  component: page(null, () => import("../transaction/ErrorsTab"), "ErrorsTab"),
});

export const settings = createRoute({
  getParentRoute: () => account,
  path: "/settings",
  component: page("tenant", () => import("./SettingsTab"), "SettingsTab"),
});

const reports = createRoute({
  getParentRoute: () => account,
  path: "/reports",
  validateSearch: accountReportFilter,
  component: page("report", () => import("../report/ReportsTab"), "ReportsTab"),
});

export const users = createRoute({
  getParentRoute: () => account,
  path: "/users",
  validateSearch: listFilter,
  component: page("people", () => import("../people/UsersTab"), "UsersTab"),
});

const transaction = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/cycles/$cycle/transactions/$transaction",
  validateSearch: stepChoice,
  component: page(["transaction", "cycle"], () => import("../transaction/TransactionPage"), "TransactionPage"),
});

export const accountRoutes = [
  account.addChildren([home, cycles, templates, transactions, connectors, errors, reports, users, settings]),
  transaction,
] as const;
