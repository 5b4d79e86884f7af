/**
 * The part of the public API that the console uses, in the form that
 * openapi-fetch takes. It says which properties are always there, which the
 * server's OpenAPI document leaves open; the journeys in e2e/ hold every
 * request to that document.
 */

export interface Session {
  Id: number;
  Email: string;
  Name: string;
  Partner: string;
  Permissions: Record<string, string>;
  TwoFactor: boolean;
}

/** How far a sign-in has come: to a session, or to what is left to do. */
export interface Entry extends Partial<Session> {
  Next?: "Code" | "Enrol";
  Token?: string;
  RecoveryCodes?: string[];
}

/** A second factor for an app to take up. */
export interface Enrolment {
  Secret: string;
  URL: string;
}

export interface Account {
  Id: string;
  Name: string;
  Description?: string | null;
  ParentAccountId?: string | null;
  Timezone: string;
  CreatedDate: string;
  Enabled: boolean;
}

export interface Usage {
  Id: string;
  TasksUsed: number;
  StartTime: string;
  EndTime: string;
}

export interface AccountConnector {
  Id: number;
  Name: string;
  Description?: string | null;
  Authenticated: boolean;
  AuthenticationState: string;
  Inherited?: boolean;
  ConnectorId?: number;
  Connector?: { Id: number; Name: string; Version: string; Icon?: string | null; AuthType?: string | null } | null;
}

export type CycleStatus = "Running" | "Paused" | "Finishing";

export interface CycleConnector {
  Id: number;
  AccountConnectorId?: number | null;
  Name: string;
  Version: string;
  Authenticated: boolean;
  StepCount: number;
  Icon?: string | null;
}

export interface Cycle {
  Id: string;
  Name: string;
  Description?: string | null;
  Status: CycleStatus;
  TasksUsed: number;
  ErrorCount: number;
  WarningCount?: number;
  InProgressTransactionCount: number;
  LastSuccessfulRunDate?: string | null;
  Interval?: number | null;
  Connectors?: CycleConnector[] | null;
}

export interface Prerequisite {
  ReasonCode: number;
  Reason: string;
  ObjectType: string;
  ObjectId: string;
}

export interface Step {
  Id: string;
  Name: string;
  ActionType: string | number;
}

export interface Activation {
  StartTime?: string;
  Interval?: number;
  RunOnce?: boolean;
}

export type TransactionStatus = "Queued" | "Waiting" | "Split" | "Held" | "Completed" | "Failed" | "Cancelled";

export interface Transaction {
  Id: string;
  CycleId: string;
  Status: TransactionStatus;
  CreatedOnUtc: string;
  FinishedOnUtc?: string | null;
  WakeOnUtc?: string | null;
  TasksUsed: number;
  ErrorCount: number;
  Children: number;
  ParentId?: string | null;
}

export interface Exchange {
  Method?: string;
  URL?: string;
  Status?: number;
  Headers?: Record<string, string> | null;
  Body?: unknown;
}

export type Outcome = "Success" | "Warning" | "Error";

export interface StepItem {
  Id: string;
  Seq: number;
  StepId: string;
  StepName: string;
  Outcome: Outcome;
  Exit?: string;
  Message?: string;
  Tasks: number;
  Attempt: number;
  StartedOnUtc: string;
  FinishedOnUtc: string;
  Request?: Exchange | null;
  Response?: Exchange | null;
}

export interface Incident {
  Id?: number;
  CycleId: string;
  CycleName?: string;
  IncidentLevel: string;
  ShortMessage: string;
  FullMessage: string;
  StepId: string;
  StepName?: string;
  TransactionId: string;
  CreatedOnUtc: string;
}

interface Problem {
  Message: string;
}

type InAccount = { header: { "X-Cyclr-Account": string } };
type Paging = { page?: number; pageSize?: number };
type Answer<T> = {
  200: { headers: Record<string, unknown>; content: { "application/json": T } };
  default: { headers: Record<string, unknown>; content: { "application/json": Problem } };
};
type Get<T, P = unknown> = { get: { parameters: P; responses: Answer<T> } };
type Put<T, P = unknown> = { put: { parameters: P; responses: Answer<T> } };
type PutBody<T, P, B> = {
  put: { parameters: P; requestBody: { content: { "application/json": B } }; responses: Answer<T> };
};

export interface paths {
  "/v1.0/accounts": Get<Account[], { query?: Paging & { query?: string } }>;
  "/v1.0/accounts/{id}": Get<Account, { path: { id: string } }>;
  "/v1.0/accounts/{id}/subaccounts": Get<Account[], { path: { id: string }; query?: Paging }>;
  "/v1.0/accounts/{id}/usage": Get<Usage, { path: { id: string } }>;
  "/v1.0/account/connectors": Get<AccountConnector[], InAccount & { query?: Paging }>;
  "/v1.0/cycles": Get<Cycle[], InAccount & { query?: Paging & { includeIcons?: boolean } }>;
  "/v1.0/cycles/{id}/activate": PutBody<Cycle, InAccount & { path: { id: string } }, Activation>;
  "/v1.0/cycles/{id}/deactivate": Put<
    Cycle,
    InAccount & { path: { id: string }; query?: { finishQueuedTransactions?: boolean } }
  >;
  "/v1.0/cycles/{id}/prerequisites": Get<Prerequisite[], InAccount & { path: { id: string } }>;
  "/v1.0/cycles/{id}/steps": Get<Step[], InAccount & { path: { id: string } }>;
  "/v1.0/cycles/transactions": Get<Transaction[], InAccount & { query?: Paging & { status?: TransactionStatus } }>;
  "/v1.0/cycles/{id}/transactions": Get<
    Transaction[],
    InAccount & { path: { id: string }; query?: Paging & { status?: TransactionStatus } }
  >;
  "/v1.0/cycles/{id}/transactions/{transaction}": Get<
    StepItem[],
    InAccount & { path: { id: string; transaction: string } }
  >;
  "/v1.0/transactions/{id}": Get<Transaction, InAccount & { path: { id: string } }>;
  "/v1.0/transactions/{id}/transactions": Get<Transaction[], InAccount & { path: { id: string }; query?: Paging }>;
  "/v1.0/cycles/incidents/error": Get<Incident[], InAccount & { query?: Paging }>;
}
