import { createRoute } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

const connector = createRoute({
  getParentRoute: () => inside,
  path: "/accounts/$account/connectors/$connector",
  component: page("connector", () => import("./ConnectorPage"), "ConnectorPage"),
});

export const connectorRoutes = [connector] as const;
