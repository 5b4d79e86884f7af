import { createRoute } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const release = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$template/releases/$release",
  component: page("builder", () => import("./BuilderPage"), "BuilderPage"),
});

export const builderRoutes = [release] as const;
