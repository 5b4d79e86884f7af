/** Where to go after signing in: only to a page of the console itself. */
export function destination(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) && !to.startsWith("/sign-in") ? to : "/accounts";
}
