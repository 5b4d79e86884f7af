/** What the public API takes and answers, by the names that the console has for it; made from its document by ../../gen. */
import type { components } from "../../gen/schema";

export type { paths } from "../../gen/schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccountConnector = Schemas["AccountConnectorShape"];
export type Activation = Schemas["ActivationBody"];
export type ConnectorRef = Schemas["ConnectorRef"];
export type Cycle = Schemas["CycleShape"];
export type CycleStatus = Cycle["Status"];
export type Exchange = Schemas["RequestShape"] & Schemas["ResponseShape"];
export type Factor = Schemas["FactorBody"];
export type Edge = Schemas["Edge"];
export type Graph = Schemas["Graph"];
export type Incident = Schemas["Incident"];
export type Mapping = Schemas["Mapping"];
export type Method = Schemas["MethodShape"];
export type Prerequisite = Schemas["Prerequisite"];
export type Profile = Schemas["ProfileBody"];
export type Refusal = Schemas["Failure"];
export type Release = Schemas["ReleaseShape"];
export type Step = Schemas["Step"];
export type StepItem = Schemas["StepItemShape"];
export type Transaction = Schemas["Transaction"];
export type TransactionStatus = Transaction["Status"];
export type Variable = Schemas["Variable"];
