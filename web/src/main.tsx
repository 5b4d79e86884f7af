import { sessionQuery } from "./session/calls";
import "./mantine.css";
import "./base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "./api/query";
import { loadTexts } from "./locale/i18n";
import { newRouter } from "./router";
import { type Session, whoAmI } from "./session/door";
import { askLook, lookQuery, paint } from "./shell/look";
import { theme } from "./theme";

const queries = newQueryClient(checkSession);
queries.setQueryDefaults(sessionQuery.queryKey, { queryFn: askSession });
queries.setQueryDefaults(lookQuery.queryKey, { queryFn: askLook });
// Before anything is shown: it is not to be seen in another colour first.
const [look] = await Promise.all([queries.ensureQueryData(lookQuery), loadTexts()]);
paint(look.AccentColor);

const router = newRouter(queries);

/** Who is signed in; whose session has ended meanwhile, is told so where one signs in. */
async function askSession(): Promise<Session | null> {
  const session = await whoAmI();
  if (!session && queries.getQueryData(sessionQuery.queryKey)) {
    const search = { to: router.state.location.href, ended: true };
    void router.navigate({ to: "/sign-in", search, replace: true });
  }
  return session;
}

/** After a 401: it may also mean an account that is not there, so ask who is signed in. */
async function checkSession(): Promise<void> {
  if (queries.getQueryData(sessionQuery.queryKey)) await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    {/* Variables and classes are in base.css: the policy allows no inline styles. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
