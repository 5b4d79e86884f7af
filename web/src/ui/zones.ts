/** The time zones that the browser knows, and those given, which it may know by another name. */
export function zones(...others: (string | null | undefined)[]): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set(["UTC", ...others.filter((z): z is string => !!z), ...known])];
}
