import { ActionIcon, Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";

/** What can be done with a row: items of Mantine's Menu, behind one quiet button. */
export function RowMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    // Where it is opened from, not at the end of the page: what is on a page is within its parts.
    <Menu
      position="bottom-end"
      radius={8}
      shadow="md"
      withinPortal={false}
      floatingStrategy="fixed"
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <Ellipsis size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
