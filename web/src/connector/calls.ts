import { queryOptions } from "@tanstack/react-query";
import { client, value, within } from "../api/client";

export const connectorsQuery = (account: string) =>
  queryOptions({
    queryKey: ["account", account, "connectors"],
    queryFn: ({ signal }) => {
      const params = { header: within(account), query: { pageSize: 1000 } };
      return value(client.GET("/v1.0/account/connectors", { params, signal }));
    },
  });
