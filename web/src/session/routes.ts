import { createRoute } from "@tanstack/react-router";
import { signInSearch } from "../search";
import { inside, root } from "../shell/inside";
import { page } from "../shell/page";

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: page(null, () => import("./SignInPage"), "SignInPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: page(null, () => import("./InvitationPage"), "InvitationPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: page(null, () => import("./ForgotPage"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: page(null, () => import("./ResetPage"), "ResetPage"),
});

/** For those who are not signed in yet. */
export const doorRoutes = [signIn, invitation, forgot, reset] as const;

export const profileRoute = createRoute({
  getParentRoute: () => inside,
  path: "/profile",
  component: page(null, () => import("./ProfilePage"), "ProfilePage"),
});
