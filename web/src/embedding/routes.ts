import { createRoute } from "@tanstack/react-router";
import { listFilter, type Search } from "../search";
import { inside } from "../shell/inside";
import { page } from "../shell/page";

/** Which marketplace the code to copy is for. */
export interface EmbeddingSearch {
  marketplace?: number;
}

const embedding = createRoute({
  getParentRoute: () => inside,
  path: "/embedding",
  validateSearch: (s: Search): EmbeddingSearch => ({ marketplace: Number(s.marketplace) || undefined }),
  component: page(["embedding", "settings"], () => import("./EmbeddingPage"), "EmbeddingPage"),
});

const marketplaces = createRoute({
  getParentRoute: () => inside,
  path: "/marketplaces",
  validateSearch: listFilter,
  component: page("embedding", () => import("./MarketplacesPage"), "MarketplacesPage"),
});

const marketplace = createRoute({
  getParentRoute: () => inside,
  path: "/marketplaces/$marketplace",
  validateSearch: listFilter,
  component: page("embedding", () => import("./MarketplacePage"), "MarketplacePage"),
});

export const embeddingRoutes = [embedding, marketplaces, marketplace] as const;
