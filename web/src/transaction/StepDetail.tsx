import { OctagonAlert, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Exchange, StepItem } from "../api/schema";
import { CopyButton } from "../ui/CopyButton";
import { CopyId } from "../ui/CopyId";
import { JsonView } from "../ui/JsonView";
import { pretty } from "../ui/json";
import { Time } from "../ui/Time";
import { curl } from "./curl";
import classes from "./transaction.module.css";

interface Props {
  item: StepItem;
  /** Other transactions went on from here, each with its part of what came. */
  split: boolean;
}

/** A step of a transaction: what it sent and what came back. */
export function StepDetail({ item, split }: Props) {
  const { t } = useTranslation();
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
        >
          {request.URL && (
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
        />
      )}
      {!request && !response && !item.Exit && <p className={classes.exit}>{t("steps.noExchange")}</p>}
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
  children?: React.ReactNode;
}

function Side({ title, exchange, copyName, noBody, children }: SideProps) {
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
          {hasBody && <CopyButton text={pretty(exchange.Body)} label={t("action.copy")} name={copyName} />}
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
