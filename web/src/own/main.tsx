import "../mantine.css";
import "../base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "../api/query";
import { loadRoom, loadTexts } from "../locale/i18n";
import { lookQuery, paint } from "../shell/look";
import { theme } from "../theme";
import { newRouter } from "./router";
import { ask, numberOf, type OwnSession, ownQuery } from "./session";

const number = numberOf(window.location.pathname);

/** After a 401: the server says where to go, if the session has ended. */
async function checkSession(): Promise<void> {
  if (!(await ask(number))) window.location.reload();
}

/** Who is signed in. Without one there is nothing to show: the server knows the way in. */
async function enter(): Promise<OwnSession> {
  const session = await ask(number);
  if (session) return session;
  window.location.replace("/account");
  return new Promise(() => {});
}

const queries = newQueryClient(checkSession);
const [session] = await Promise.all([enter(), loadTexts().then(() => loadRoom("own"))]);
const look = { ...session.told.Look, ProductName: session.told.Look.ProductName || session.Account.Name };
queries.setQueryDefaults(ownQuery.queryKey, { queryFn: enter });
queries.setQueryDefaults(lookQuery.queryKey, { queryFn: () => look });
queries.setQueryData(ownQuery.queryKey, session);
queries.setQueryData(lookQuery.queryKey, look);
paint(look.AccentColor);

const router = newRouter(queries, session);

const root = document.getElementById("root");
if (!root) throw new Error("account.html has no #root");
createRoot(root).render(
  <StrictMode>
    {/* Variables and classes are in base.css: the policy allows no inline styles. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
