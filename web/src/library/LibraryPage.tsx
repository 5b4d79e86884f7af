import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plug } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LibraryConnector } from "../api/schema";
import { ConnectorIcon } from "../connector/ConnectorIcon";
import { Choice } from "../ui/Choice";
import { List, type ListColumn } from "../ui/List";
import { PageHead } from "../ui/PageHead";
import { Status } from "../ui/Status";
import { useAddress } from "../ui/useAddress";
import { allConnectorsQuery, libraryQuery } from "./calls";
import { categoriesOf, type LibraryFilter } from "./filter";
import classes from "./library.module.css";
import { Ways } from "./Ways";

/** The library of connectors: all that can be installed, and the partner's own. */
export function LibraryPage() {
  const { t } = useTranslation();
  const [address, set] = useAddress<LibraryFilter>();
  const list = useQuery(libraryQuery(address));
  const all = useQuery(allConnectorsQuery);
  const columns: ListColumn<LibraryConnector>[] = [
    { key: "name", label: t("library.connector"), sort: "Name", width: 200, cell: (c) => <Named of={c} /> },
    {
      key: "release",
      label: t("library.release"),
      width: 70,
      cell: (c) => (
        <span className={classes.release}>
          <span className="number">{c.Version}</span>
          {c.Status !== "Live" && <Status of={c.Status} />}
        </span>
      ),
    },
    {
      key: "categories",
      label: t("library.categories"),
      width: 100,
      wide: true,
      cell: (c) => <Categories of={c.Categories} onChoose={(category) => set({ category })} />,
    },
    { key: "auth", label: t("library.auth"), width: 80, wide: true, cell: (c) => <Ways of={c.Authentication} /> },
  ];
  return (
    <>
      <PageHead title={t("library.title")} lead={t("library.lead")} docs="installed-connectors#the-library" />
      <List
        label={t("library.title")}
        list={list}
        columns={columns}
        rowKey={(c) => c.Id}
        search={t("library.search")}
        filters={
          <Choice
            label={t("library.category")}
            all={t("library.anyCategory")}
            value={address.category}
            options={categoriesOf(all.data ?? []).map((c) => ({ value: c, label: c }))}
            onChange={(category) => set({ category })}
          />
        }
        empty={{ icon: Plug, title: t("library.empty"), hint: t("library.emptyHint") }}
      />
    </>
  );
}

function Named({ of }: { of: LibraryConnector }) {
  return (
    <div className={classes.name}>
      <ConnectorIcon icon={of.Icon} name={of.Name} />
      <div>
        <Link to="/connectors/$connector" params={{ connector: String(of.Id) }} className="row-link">
          {of.Name}
        </Link>
        <span>{of.Description}</span>
      </div>
    </div>
  );
}

function Categories({ of, onChoose }: { of: string[]; onChoose(category: string): void }) {
  const { t } = useTranslation();
  return (
    <span className={classes.marks}>
      {of.map((c) => (
        <button key={c} type="button" aria-label={t("library.byCategory", { category: c })} onClick={() => onChoose(c)}>
          {c}
        </button>
      ))}
    </span>
  );
}
