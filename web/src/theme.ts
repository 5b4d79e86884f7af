import {
  createTheme,
  type MantineColorsTuple,
  Modal,
  NativeSelect,
  PasswordInput,
  TextInput,
  Tooltip,
} from "@mantine/core";

// The shades are those that base.css sets: the accent is a CSS variable, so
// that it can be changed without building again.
const accent = Array.from({ length: 10 }, () => "#5753c6") as unknown as MantineColorsTuple;

export const theme = createTheme({
  primaryColor: "accent",
  colors: { accent },
  defaultRadius: 8,
  cursorType: "pointer",
  components: {
    Modal: Modal.extend({
      // Locking the scroll would put a style element into the page, which the
      // content security policy forbids.
      defaultProps: { lockScroll: false, centered: true, radius: 12, overlayProps: { backgroundOpacity: 0.4 } },
    }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: "sm" } }),
    TextInput: TextInput.extend({ defaultProps: { size: "sm" } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "sm" } }),
    Tooltip: Tooltip.extend({ defaultProps: { fz: 12, radius: 6 } }),
  },
});
