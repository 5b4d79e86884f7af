import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMay } from "../session/may";
import { Failure } from "../ui/State";
import { Builder } from "./Builder";
import classes from "./builder.module.css";
import { releaseQuery, saveRelease } from "./calls";

/** The builder of a template's release; one that is not a draft can be looked at. */
export function BuilderPage() {
  const { template, release } = useParams({ from: "/inside/templates/$template/releases/$release" });
  const may = useMay();
  const queries = useQueryClient();
  const query = releaseQuery(template, release);
  const loaded = useQuery(query);
  if (loaded.isError) return <Failure error={loaded.error} onRetry={() => loaded.refetch()} />;
  if (!loaded.data) return <Skeleton className={classes.builder} />;
  return (
    <Builder
      key={release}
      loaded={loaded.data}
      locked={loaded.data.State !== "Draft" || !may("Templates", "Edit")}
      save={(d, revision) => saveRelease(template, release, d, revision)}
      reload={() => queries.fetchQuery({ ...query, staleTime: 0 })}
    />
  );
}
