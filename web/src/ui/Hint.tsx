import { Tooltip, type TooltipProps } from "@mantine/core";

/** More about something, on hover and on focus. */
export function Hint(props: Pick<TooltipProps, "label" | "children" | "disabled">) {
  return (
    <Tooltip openDelay={250} withArrow arrowSize={6} events={{ hover: true, focus: true, touch: true }} {...props} />
  );
}
