import { useQuery } from "@tanstack/react-query";
import { OctagonAlert, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Exchange, StepItem } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import { CopyId } from "../ui/CopyId";
import { bytes } from "../ui/format";
import { JsonView } from "../ui/JsonView";
import { pretty } from "../ui/json";
import { Refusal } from "../ui/Refusal";
import { Time } from "../ui/Time";
import type { stepItemQuery } from "./calls";
import { curl } from "./curl";
import classes from "./transaction.module.css";

interface Props {
  /** Long bodies are in it in part. */
  item: StepItem;
  /** Asks for all of it. */
  whole: ReturnType<typeof stepItemQuery>;
  /** Other transactions went on from here, each with its part of what came. */
  split: boolean;
}

/** A step of a transaction: what it sent and what came back. */
export function StepDetail({ item: part, whole, split }: Props) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const all = useQuery({ ...whole, enabled: wanted });
  const item = all.data ?? part;
  const more = { failed: all.error, loading: all.isFetching, onLoad: () => setWanted(true) };
  const { Request: request, Response: response } = item;
  const received = request && response && !response.Status ? response : undefined;
  const Icon = item.Outcome === "Error" ? OctagonAlert : TriangleAlert;
  return (
    <section className={classes.detail} aria-label={item.StepName}>
      <header className={classes.detailHead}>
        <h2>{item.StepName || item.StepId}</h2>
        <CopyId id={item.StepId} />
        <span className="end faint">
          <Time at={item.StartedOnUtc} />
        </span>
      </header>
      {item.Message && (
        <p className={classes.message} data-outcome={item.Outcome}>
          <Icon size={15} aria-hidden />
          <span>{item.Message}</span>
        </p>
      )}
      {(item.Exit === "True" || item.Exit === "False") && (
        <p className={classes.exit}>{t("steps.exit", { exit: item.Exit })}</p>
      )}
      {request && (
        <Side
          title={t("steps.request")}
          exchange={request}
          copyName={t("steps.copyRequest")}
          noBody={t(received ? "steps.below" : "steps.noBody")}
          more={more}
        >
          {request.URL && !request.BodySize && (
            <CopyButton text={curl(received ? again(request, received) : request)} label={t("steps.copyCurl")} />
          )}
        </Side>
      )}
      {response && (
        <Side
          title={t(response.Status ? "steps.response" : "steps.received")}
          exchange={response}
          copyName={t("steps.copyResponse")}
          noBody={t(split ? "steps.inChildren" : "steps.noBody")}
          more={more}
        />
      )}
      {!request && !response && !item.Exit && (
        <p className={classes.exit}>{t(item.NotLogged ? "transaction.notLogged" : "steps.noExchange")}</p>
      )}
    </section>
  );
}

/** The request that brought what was received, as one to make again. */
function again(request: Exchange, received: Exchange): Exchange {
  const url = new URL(request.URL ?? "", window.location.origin);
  return { ...request, URL: url.href, Body: request.Body ?? received.Body };
}

interface SideProps {
  title: string;
  exchange: Exchange;
  copyName: string;
  /** Stands where there is no body. */
  noBody: string;
  /** Brings the rest of a body that is there in part. */
  more: { failed: Error | null; loading: boolean; onLoad(): void };
  children?: React.ReactNode;
}

function Side({ title, exchange, copyName, noBody, more, children }: SideProps) {
  const { t } = useTranslation();
  const headers = Object.entries(exchange.Headers ?? {});
  const hasBody = exchange.Body !== undefined && exchange.Body !== null && exchange.Body !== "";
  return (
    <div className={classes.side}>
      <div className={classes.sideHead}>
        <h3>{title}</h3>
        {exchange.Status ? <StatusCode status={exchange.Status} /> : null}
        <span className="end">
          {children}
          {hasBody && !exchange.BodySize && (
            <CopyButton text={pretty(exchange.Body)} label={t("action.copy")} name={copyName} />
          )}
        </span>
      </div>
      {exchange.URL && (
        <p className={classes.url}>
          <strong>{exchange.Method}</strong> {exchange.URL}
        </p>
      )}
      {headers.length > 0 && (
        <details className={classes.headers}>
          <summary>{t("steps.headers", { count: headers.length })}</summary>
          <dl>
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {hasBody ? <JsonView value={exchange.Body} label={title} /> : <p className={classes.noBody}>{noBody}</p>}
      {exchange.BodySize ? (
        <button type="button" className="quiet" disabled={more.loading} onClick={more.onLoad}>
          {t("transaction.loadAll", { size: bytes(exchange.BodySize) })}
        </button>
      ) : null}
      <Refusal error={more.failed} />
    </div>
  );
}

function StatusCode({ status }: { status: number }) {
  const tone = status < 300 ? "good" : status < 400 ? "calm" : "bad";
  return (
    <span className={classes.code} data-tone={tone}>
      {status}
    </span>
  );
}
