import {
  createTheme,
  type MantineColorsTuple,
  type ModalProps,
  type NativeSelectProps,
  type PasswordInputProps,
  type TextInputProps,
  type TooltipProps,
} from "@mantine/core";

// The shades are those that base.css sets: the accent is a CSS variable, so
// that it can be changed without building again.
const accent = Array.from({ length: 10 }, () => "#5753c6") as unknown as MantineColorsTuple;

/** Defaults of a component that is not loaded before a page has it. */
const defaults = <P>(defaultProps: Partial<P>) => ({ defaultProps });

export const theme = createTheme({
  primaryColor: "accent",
  colors: { accent },
  defaultRadius: 8,
  cursorType: "pointer",
  components: {
    // Locking the scroll would put a style element into the page, which the
    // content security policy forbids.
    Modal: defaults<ModalProps>({
      lockScroll: false,
      centered: true,
      radius: 12,
      overlayProps: { backgroundOpacity: 0.4 },
    }),
    NativeSelect: defaults<NativeSelectProps>({ size: "sm" }),
    TextInput: defaults<TextInputProps>({ size: "sm" }),
    PasswordInput: defaults<PasswordInputProps>({ size: "sm" }),
    Tooltip: defaults<TooltipProps>({ fz: 12, radius: 6 }),
  },
});
