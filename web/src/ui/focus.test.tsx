import { render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followFocus, useFocusBack } from "./focus";

function Window({ name }: { name: string }) {
  useFocusBack();
  return <button type="button">{name}</button>;
}

/** A page with what opens a window, a menu that does, and what is in the window. */
function Page({ open, menu, opener = true }: { open?: string; menu?: boolean; opener?: boolean }) {
  return (
    <main id="main" tabIndex={-1}>
      {opener && (
        <button type="button" id="opener">
          Open
        </button>
      )}
      {menu && (
        <div role="menu" aria-labelledby="opener">
          <button type="button" role="menuitem">
            Delete
          </button>
        </div>
      )}
      {open && <Window key={open} name={open} />}
    </main>
  );
}

let stop: () => void;
beforeEach(() => {
  stop = followFocus();
});
afterEach(() => stop());

const settled = () => new Promise((done) => setTimeout(done, 5));
const focused = () => document.activeElement?.id;

test("what opened a window has the focus when it is closed", async () => {
  const page = render(<Page />);
  page.getByText("Open").focus();
  page.rerender(<Page open="one" />);
  page.getByText("one").focus();
  page.rerender(<Page />);
  await settled();
  expect(focused()).toBe("opener");
  page.unmount();
});

test("of a menu it is what opened the menu", async () => {
  const page = render(<Page menu />);
  page.getByText("Delete").focus();
  page.rerender(<Page open="one" />);
  page.getByText("one").focus();
  page.rerender(<Page />);
  await settled();
  expect(focused()).toBe("opener");
  page.unmount();
});

test("a window in the stead of another leads back to what opened the first", async () => {
  const page = render(<Page />);
  page.getByText("Open").focus();
  page.rerender(<Page open="one" />);
  page.getByText("one").focus();
  page.rerender(<Page open="two" />);
  page.getByText("two").focus();
  page.rerender(<Page />);
  await settled();
  expect(focused()).toBe("opener");
  page.unmount();
});

test("the page has it when what opened the window is gone", async () => {
  const page = render(<Page />);
  page.getByText("Open").focus();
  page.rerender(<Page open="one" />);
  page.getByText("one").focus();
  page.rerender(<Page opener={false} />);
  await settled();
  expect(focused()).toBe("main");
  page.unmount();
});
