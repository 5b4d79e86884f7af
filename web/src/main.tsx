import "@mantine/core/styles.css";
import "./base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient, sessionQuery } from "./api/query";
import { loadTexts } from "./locale/i18n";
import { newRouter } from "./router";
import { theme } from "./theme";

await loadTexts();

const queries = newQueryClient(() => {
  // A 401 may also mean an account that is not there: ask who is signed in,
  // and let the router decide.
  if (queries.getQueryData(sessionQuery.queryKey) === null) return;
  void queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).then((session) => {
    if (!session) void router.invalidate();
  });
});
const router = newRouter(queries);

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
