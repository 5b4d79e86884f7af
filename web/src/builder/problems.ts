import type { Mapping, Rule, Variable } from "../api/schema";
import type { About } from "./context";
import { before, type Design, kinds, type Step } from "./design";
import { fieldsOf, parametersOf, type Target, typeOf } from "./mapping";

/** Something that is still to be done before a design can run, by the reason codes of the API. */
export interface Problem {
  code: Code;
  /** The step that it is of; none: of the design. */
  step?: string;
  /** The parameter, field or variable. */
  target?: string;
}

/** What is missing, by its number in the API. */
export const codes = {
  tooFew: 10,
  notConnected: 11,
  noMapping: 30,
  noDecision: 31,
  noDelay: 32,
  noUntil: 33,
  parameter: 40,
  field: 41,
  webhookKey: 43,
  left: 50,
  right: 51,
  delayUnit: 60,
  delayInterval: 61,
  until: 70,
} as const;
export type Code = (typeof codes)[keyof typeof codes];

/** Conditions without a right side. */
export const unary = new Set(["IsEmpty", "IsNotEmpty", "Exists"]);

export const delayUnits = ["Seconds", "Minutes", "Hours", "Days", "Weeks"] as const;
const seconds = { Seconds: 1, Minutes: 60, Hours: 3_600, Days: 86_400, Weeks: 604_800 };
const longest = 52 * seconds.Weeks;

/**
 * What keeps a design from running, as far as it can be seen in it. When a cycle
 * of it is started the server checks all of it again.
 */
export function problems(d: Design, about: (s: Step) => About): Problem[] {
  const found: Problem[] = [];
  const running = d.Steps.filter((s) => s.ActionType !== kinds.Annotation);
  if (running.length < 2) found.push({ code: codes.tooFew });
  else for (const step of loose(d, running)) found.push({ code: codes.notConnected, step });
  for (const s of running) found.push(...new Checker(d, s, about(s)).check());
  for (const v of d.Variables) {
    if (v.IsLaunchRequired && !v.Value && !v.IsLaunchVisible) found.push({ code: codes.noMapping, target: name(v) });
  }
  return found;
}

const name = (v: Variable) => v.DisplayName || v.SystemName;

/** The steps that the first one does not lead to. */
function loose(d: Design, running: Step[]): string[] {
  const reached = new Set(d.Edges.map((e) => e.TailStepId));
  const roots = running.filter((s) => !reached.has(s.Id));
  return roots.slice(1).map((s) => s.Id);
}

class Checker {
  private readonly found: Problem[] = [];
  private seen: Set<string> | undefined;

  constructor(
    private readonly d: Design,
    private readonly s: Step,
    private readonly about: About,
  ) {}

  check(): Problem[] {
    const { s } = this;
    if (s.ActionType === kinds.Decision) this.decision();
    else if (s.ActionType === kinds.Delay) this.delay();
    else if (s.ActionType === kinds.WaitUntil) this.until();
    else if (s.ActionType === kinds.SynchronousResponse) this.answer();
    else if (s.ActionType === kinds.Action || s.ActionType === kinds.Webhook) this.call();
    return this.found;
  }

  private add(code: Code, target?: string) {
    this.found.push({ code, step: this.s.Id, target });
  }

  private call() {
    const { s } = this;
    if (!s.Connector || !s.Method) return this.add(codes.noMapping);
    if (s.ActionType === kinds.Webhook && this.d.Edges.some((e) => e.TailStepId === s.Id)) {
      if (!s.Match?.Field || !this.gives(s.Match.Key)) this.add(codes.webhookKey);
    }
    // Until the method is loaded there is nothing to say about it.
    if (!this.about.method) return;
    this.targets(parametersOf(s, this.about.method), s.Parameters, codes.parameter);
    this.targets(fieldsOf(s, this.about.method), s.Fields, codes.field);
  }

  private targets(all: Target[], mapped: Mapping[] | null | undefined, code: Code) {
    for (const x of all) {
      const m = mapped?.find((y) => y.Target === x.name);
      const needed = x.required || m?.IsLaunchRequired;
      // What the customer is asked for may be left to the customer.
      const asked = m?.IsLaunchVisible && typeOf(m) !== "StepOutput";
      if (needed ? !asked && !this.gives(m) : !this.sound(m)) this.add(code, x.label);
    }
  }

  private decision() {
    const groups = this.s.Decision?.Groups ?? [];
    const rules = groups.flatMap((g) => g ?? []);
    if (rules.length === 0 || groups.some((g) => !g?.length)) this.add(codes.noDecision);
    for (const r of rules) this.rule(r);
  }

  private rule(r: Rule) {
    if (!this.operand(r.Left)) this.add(codes.left);
    if (!unary.has(r.Condition ?? "") && !this.operand(r.Right)) this.add(codes.right);
  }

  private delay() {
    const { Interval = 0, Unit } = this.s.Delay ?? {};
    const unit = seconds[Unit as keyof typeof seconds];
    if (!this.s.Delay) this.add(codes.noDelay);
    else if (!unit) this.add(codes.delayUnit);
    else if (!Number.isInteger(Interval) || Interval < 1 || Interval * unit > longest) this.add(codes.delayInterval);
  }

  private until() {
    const { Until } = this.s;
    if (!Until || typeOf(Until) === "Ignore" || empty(Until)) this.add(codes.noUntil);
    else if (!this.sound(Until)) this.add(codes.until);
  }

  private answer() {
    const { s } = this;
    const webhook = (id: string) => this.d.Steps.some((x) => x.Id === id && x.ActionType === kinds.Webhook);
    if (![...this.before()].some(webhook)) this.add(codes.notConnected);
    for (const m of s.Fields ?? []) if (!this.sound(m)) this.add(codes.field, m.Target);
    for (const m of s.Answer?.Headers ?? []) if (!this.sound(m)) this.add(codes.field, m.Target);
    if (s.Answer?.Body && !this.sound(s.Answer.Body)) this.add(codes.field);
  }

  private before() {
    this.seen ??= before(this.d, this.s.Id);
    return this.seen;
  }

  /** Whether what a mapping refers to is there. */
  private sound(m: Mapping | undefined): boolean {
    const type = typeOf(m);
    if (type === "Variable") return this.d.Variables.some((v) => v.SystemName === m?.Variable);
    if (type === "StepOutput") return Boolean(m?.SourceField) && this.before().has(m?.SourceStepId ?? "");
    return true;
  }

  /** Whether a mapping has a value to give. */
  private gives(m: Mapping | undefined): boolean {
    return m !== undefined && typeOf(m) !== "Ignore" && !empty(m) && this.sound(m);
  }

  /** Typed text may be empty there: something is compared with it. */
  private operand(m: Mapping | undefined): boolean {
    return m !== undefined && typeOf(m) !== "Ignore" && this.sound(m);
  }
}

/** A typed or chosen value that was left empty; anything else has one when it runs. */
function empty(m: Mapping): boolean {
  return ["StaticValue", "ValueList", "Trigger"].includes(typeOf(m)) && !m.Value;
}
