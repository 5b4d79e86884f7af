import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { connectorsQuery } from "../connector/calls";
import { BuilderContext } from "./context";
import type { Design } from "./design";
import setup from "./setup.module.css";
import type { Installed } from "./useAbout";

interface Props {
  design: Design;
  installed: Installed;
  act(change: (d: Design) => Design): void;
}

/** Which of the account's connectors those of a cycle's design are. */
export function Bound({ design, installed: { account, bound }, act }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const all = useQuery(connectorsQuery(account)).data;
  if (design.Connectors.length === 0) return null;
  return (
    <section className={setup.part}>
      <h3>{t("builder.bound.title")}</h3>
      <p className="faint">{t("builder.bound.says")}</p>
      {design.Connectors.map(({ Ref = "", Name = "", Version }) => {
        const own =
          all?.filter((c) => c.Connector.Name === Name && (!Version || c.Connector.Version === Version)) ?? [];
        const now = design.Picked?.[Ref] ?? bound.get(Ref);
        const chosen = own.some((c) => c.Id === now);
        return (
          <NativeSelect
            key={Ref}
            size="xs"
            label={Name}
            disabled={locked || own.length === 0}
            value={chosen ? String(now) : ""}
            data={[
              ...(chosen
                ? []
                : [{ value: "", label: t(own.length === 0 ? "builder.bound.none" : "builder.bound.choose") }]),
              ...own.map((c) => ({ value: String(c.Id), label: c.Name })),
            ]}
            onChange={(e) => {
              const picked = Number(e.currentTarget.value);
              act((d) => ({ ...d, Picked: { ...d.Picked, [Ref]: picked } }));
            }}
          />
        );
      })}
      <Link to="/accounts/$account/connectors" params={{ account }}>
        {t("builder.bound.install")}
      </Link>
    </section>
  );
}
