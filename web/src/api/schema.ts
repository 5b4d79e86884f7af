/** What the public API takes and answers, by the names that the console has for it; made from its document by ../../gen. */
import type { components } from "../../gen/schema";

export type { paths } from "../../gen/schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccountChange = Schemas["AccountBody"];
export type AccountConnector = Schemas["AccountConnectorShape"];
export type Activation = Schemas["ActivationBody"];
export type ConnectorRef = Schemas["ConnectorRef"];
export type Cycle = Schemas["CycleShape"];
export type CycleStatus = Cycle["Status"];
export type Exchange = Schemas["RequestShape"] & Schemas["ResponseShape"];
export type Factor = Schemas["FactorBody"];
export type Edge = Schemas["Edge"];
export type Folder = Schemas["FolderShape"];
export type FolderChange = Schemas["FolderBody"];
export type Graph = Schemas["Graph"];
export type Incident = Schemas["Incident"];
export type Invitation = Schemas["Invitation"];
export type Mapping = Schemas["Mapping"];
export type Method = Schemas["MethodShape"];
export type NewUser = Schemas["NewUserBody"];
export type Prerequisite = Schemas["Prerequisite"];
export type Profile = Schemas["ProfileBody"];
export type Refusal = Schemas["Failure"];
export type Release = Schemas["ReleaseShape"];
export type Rule = Schemas["Rule"];
export type Step = Schemas["Step"];
export type StepItem = Schemas["StepItemShape"];
export type Template = Schemas["TemplateShape"];
export type TemplateChange = Schemas["TemplateBody"];
export type Transaction = Schemas["Transaction"];
export type TransactionStatus = Transaction["Status"];
export type User = Schemas["User"];
export type UserChange = Schemas["UserBody"];
export type Variable = Schemas["Variable"];
