import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, Copy, FileJson, FilePlus2, FileSearch, PlugZap, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import type { ListFilter } from "../search";
import { useMay } from "../session/may";
import { Count } from "../ui/Count";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { customsQuery } from "./calls";
import classes from "./workshop.module.css";

const NewDialog = lazy(async () => ({ default: (await import("./NewDialog")).NewDialog }));
const OpenApiDialog = lazy(async () => ({ default: (await import("./OpenApiDialog")).OpenApiDialog }));

type Way = "empty" | "copy" | "file" | "openapi";

/** The partner's own connectors, release by release. */
export function CustomPage() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [address] = useAddress<ListFilter>();
  const list = useQuery(customsQuery(address));
  const [way, setWay] = useState<Way>();
  const open = (id: number) =>
    void navigate({ to: "/connectors/custom/$connector", params: { connector: String(id) } });
  return (
    <>
      <PageHead title={t("workshop.title")} lead={t("workshop.lead")} docs="custom-connectors">
        {may("CustomConnectors", "Edit") && <NewMenu onChoose={setWay} />}
      </PageHead>
      <List
        label={t("workshop.title")}
        list={list}
        columns={useColumns()}
        rowKey={(c) => c.Id ?? 0}
        search={t("workshop.search")}
        empty={{ icon: PlugZap, title: t("workshop.none"), hint: t("workshop.noneHint") }}
      />
      <Suspense>
        {way === "openapi" && <OpenApiDialog onDone={open} onClose={() => setWay(undefined)} />}
        {way && way !== "openapi" && <NewDialog way={way} onDone={open} onClose={() => setWay(undefined)} />}
      </Suspense>
    </>
  );
}

function NewMenu({ onChoose }: { onChoose(way: Way): void }) {
  const { t } = useTranslation();
  const ways = [
    ["empty", FilePlus2],
    ["copy", Copy],
    ["file", FileJson],
    ["openapi", FileSearch],
  ] as const;
  return (
    <Menu position="bottom-end" radius={8} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button rightSection={<ChevronDown size={15} aria-hidden />}>{t("workshop.new")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(([way, Icon]) => (
          <Menu.Item key={way} leftSection={<Icon size={15} aria-hidden />} onClick={() => onChoose(way)}>
            {t(`workshop.way.${way}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useColumns(): ListColumn<CustomConnector>[] {
  const { t } = useTranslation();
  return [
    { key: "name", label: t("workshop.part.Name"), sort: "Name", width: 160, cell: (c) => <Named of={c} /> },
    {
      key: "version",
      label: t("workshop.part.Version"),
      width: 40,
      cell: (c) => <span className="number">{c.Version}</span>,
    },
    { key: "state", label: t("workshop.state"), width: 60, cell: (c) => <Status of={c.ReleaseStatus ?? "Draft"} /> },
    {
      key: "methods",
      label: t("workshop.section.methods"),
      width: 30,
      right: true,
      wide: true,
      cell: (c) => <Count n={c.Methods?.length ?? 0} />,
    },
    { key: "problems", label: t("workshop.problems"), width: 60, wide: true, cell: (c) => <Faults of={c} /> },
    {
      key: "created",
      label: t("workshop.created"),
      sort: "CreatedOnUtc",
      width: 60,
      wide: true,
      cell: (c) => <Time at={c.CreatedOnUtc} />,
    },
  ];
}

function Named({ of }: { of: CustomConnector }) {
  return (
    <Link to="/connectors/custom/$connector" params={{ connector: String(of.Id) }} className="row-link">
      {of.Name}
    </Link>
  );
}

function Faults({ of }: { of: CustomConnector }) {
  const { t } = useTranslation();
  const count = of.Unsupported?.length ?? 0;
  if (count === 0) return <span className="faint">{t("time.none")}</span>;
  return (
    <span className={classes.warn}>
      <TriangleAlert size={14} aria-hidden />
      {t("workshop.problemCount", { count })}
    </span>
  );
}
