import "@xyflow/react/dist/base.css";
import {
  applyEdgeChanges,
  applyNodeChanges,
  type Connection,
  Controls,
  type EdgeChange,
  type Edge as FlowEdge,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  useStore,
} from "@xyflow/react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { edgeKey } from "../cycle/layout";
import { Learn } from "../ui/Learn";
import classes from "./canvas.module.css";
import { Dots } from "./Dots";
import { connect, type Design, type Exit, kinds, move, type Place, refuses, remove, stepOf } from "./design";
import { FarEdges } from "./FarEdges";
import { farBelow } from "./far";
import { NoteNode, StepNode, type StepNodeType } from "./StepNode";
import { viewOf } from "./view";

/** How all of it is shown. */
const fit = { maxZoom: 1, padding: 0.2 };

// What the canvas is given is the same each time: what differs has all steps drawn anew, at every
// movement of one of them.
const nodeTypes = { step: StepNode, note: NoteNode };
const attribution = { hideAttribution: true };
const grid: [number, number] = [10, 10];
const removing = ["Delete", "Backspace"];
const choosing = ["Shift", "Meta", "Control"];
const marker = { type: MarkerType.ArrowClosed, color: "var(--line-strong)" };
const exitOf = (c: Connection | FlowEdge) => (c.sourceHandle ?? "Forward") as Exit;

interface Props {
  design: Design;
  selected: string[];
  /** A step that is to be seen. */
  shown?: string;
  locked: boolean;
  /** The edges that a transaction took, by their keys. */
  taken?: Set<string>;
  act(change: (d: Design) => Design, part?: string): void;
  onSelect(change: (ids: string[]) => string[]): void;
  onOpen(id: string): void;
}

/** The design as a graph: steps are dragged, connected and removed on it, by mouse or by keyboard. */
export function Canvas({ design, selected, shown, locked, taken, act, onSelect, onOpen }: Props) {
  const { t } = useTranslation();
  const [nodes, setNodes] = useState<StepNodeType[]>([]);
  const [edges, setEdges] = useState<FlowEdge[]>([]);
  const [flow, setFlow] = useState<ReactFlowInstance<StepNodeType>>();
  const box = useRef<HTMLElement>(null);
  // Nobody has moved it yet: all of it is shown, whatever room there is.
  const whole = useRef(true);
  useEffect(() => {
    if (selected.length > 0) whole.current = false;
  }, [selected]);

  useEffect(() => {
    if (!flow || !box.current) return;
    const seen = new ResizeObserver(() => {
      if (whole.current) void flow.fitView(fit);
    });
    seen.observe(box.current);
    return () => seen.disconnect();
  }, [flow]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where the step is moved to later is seen
  useEffect(() => {
    const step = stepOf(design, shown);
    if (!step || !flow || !box.current) return;
    const room = { width: box.current.clientWidth, height: box.current.clientHeight };
    void flow.setViewport(viewOf(design, step, flow.getViewport(), room));
  }, [flow, shown]);

  // The design leads; what the canvas measured of a node is kept.
  useEffect(() => {
    setNodes((now) => nodesOf(design, selected, new Map(now.map((n) => [n.id, n]))));
    setEdges((now) => edgesOf(design, taken, new Map(now.map((e) => [e.id, e])), (exit) => t(`builder.exit.${exit}`)));
  }, [design, selected, taken, t]);

  const onNodesChange = useCallback(
    (changes: NodeChange<StepNodeType>[]) => {
      // What is chosen is not the canvas's to know: it comes back with the next rendering.
      setNodes((now) =>
        applyNodeChanges(
          changes.filter((c) => c.type !== "select"),
          now,
        ),
      );
      const chosen = new Map<string, boolean>();
      for (const c of changes) if (c.type === "select") chosen.set(c.id, c.selected);
      if (chosen.size > 0) onSelect((now) => choose(now, chosen));
      const places = new Map<string, Place>();
      for (const c of changes) {
        // Also of the arrow keys, which drag nothing.
        if (c.type === "position" && c.position && !c.dragging) {
          places.set(c.id, { left: c.position.x, top: c.position.y });
        }
      }
      if (places.size > 0) act((d) => move(d, places), `move ${[...places.keys()].join()}`);
    },
    [act, onSelect],
  );
  const onEdgesChange = useCallback((changes: EdgeChange[]) => setEdges((now) => applyEdgeChanges(changes, now)), []);
  const latest = useRef({ design, onOpen });
  useEffect(() => {
    latest.current = { design, onOpen };
  });
  const onConnect = useCallback((c: Connection) => act((d) => connect(d, c.source, c.target, exitOf(c))), [act]);
  const isValidConnection = useCallback(
    (c: Connection | FlowEdge) => refuses(latest.current.design, c.source, c.target, exitOf(c)) === undefined,
    [],
  );
  const onDelete = useCallback(
    ({ nodes: gone, edges: cut }: { nodes: StepNodeType[]; edges: FlowEdge[] }) =>
      act((d) =>
        remove(
          d,
          gone.map((n) => n.id),
          cut.map((e) => e.id),
        ),
      ),
    [act],
  );
  const onNodeDoubleClick = useCallback((_: unknown, n: StepNodeType) => latest.current.onOpen(n.id), []);
  const onMoveStart = useCallback((by: unknown) => {
    if (by) whole.current = false;
  }, []);
  return (
    <section ref={box} className={classes.canvas} aria-label={t("builder.canvas")}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onInit={setFlow}
        onMoveStart={onMoveStart}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={onConnect}
        isValidConnection={isValidConnection}
        onDelete={onDelete}
        onNodeDoubleClick={onNodeDoubleClick}
        nodesDraggable={!locked}
        nodesConnectable={!locked}
        edgesFocusable={!locked}
        deleteKeyCode={locked ? null : removing}
        multiSelectionKeyCode={choosing}
        minZoom={0.1}
        maxZoom={1.75}
        fitView
        fitViewOptions={fit}
        proOptions={attribution}
        snapToGrid
        snapGrid={grid}
        onlyRenderVisibleElements={design.Steps.length > 100}
      >
        <Dots />
        <Far of={box} nodes={nodes} edges={edges} />
        <Controls showInteractive={false} className={classes.controls} />
        {design.Steps.length > 8 && <MiniMap pannable zoomable className={classes.map} />}
      </ReactFlow>
      {design.Steps.length === 0 && !locked && <Beginning />}
    </section>
  );
}

interface FarProps {
  of: RefObject<HTMLElement | null>;
  nodes: StepNodeType[];
  edges: FlowEdge[];
}

/** Says on the canvas whether it is seen from so far that no word can be read, and draws the edges then. */
function Far({ of, nodes, edges }: FarProps) {
  const far = useStore((s) => s.transform[2] < farBelow);
  useEffect(() => {
    of.current?.toggleAttribute("data-far", far);
  }, [of, far]);
  return far ? <FarEdges nodes={nodes} edges={edges} /> : null;
}

/** What to do with a design that has no steps yet. */
function Beginning() {
  const { t } = useTranslation();
  return (
    <div className={classes.beginning}>
      <p>{t("builder.begin")}</p>
      <Learn docs="first-template" />
    </div>
  );
}

/** Those that are chosen after some became so, or no longer are. */
function choose(now: string[], changed: Map<string, boolean>): string[] {
  const kept = now.filter((id) => changed.get(id) !== false);
  return [...kept, ...[...changed].filter(([id, on]) => on && !kept.includes(id)).map(([id]) => id)];
}

function nodesOf(d: Design, selected: string[], known: Map<string, StepNodeType>): StepNodeType[] {
  return d.Steps.map((step) => {
    const before = known.get(step.Id);
    const position = { x: step.DisplayPositionLeft, y: step.DisplayPositionTop };
    const chosen = selected.includes(step.Id);
    const same = before?.data.step === step && before.selected === chosen && !before.dragging;
    if (same && before.position.x === position.x && before.position.y === position.y) return before;
    return {
      ...before,
      id: step.Id,
      type: step.ActionType === kinds.Annotation ? "note" : "step",
      position: before?.dragging ? before.position : position,
      data: { step },
      selected: chosen,
      ariaLabel: step.Name,
    };
  });
}

function edgesOf(
  d: Design,
  taken: Set<string> | undefined,
  known: Map<string, FlowEdge>,
  word: (exit: "True" | "False") => string,
): FlowEdge[] {
  return d.Edges.map((e) => {
    const exit = e.EdgeType as Exit;
    const before = known.get(e.Id);
    const className = taken?.has(edgeKey(e)) ? "taken" : undefined;
    const label = exit === "Forward" ? undefined : word(exit);
    const same = before?.source === e.HeadStepId && before.target === e.TailStepId && before.sourceHandle === exit;
    if (same && before.className === className && before.label === label) return before;
    return {
      ...before,
      id: e.Id,
      source: e.HeadStepId,
      target: e.TailStepId,
      sourceHandle: exit,
      className,
      label,
      type: "smoothstep",
      markerEnd: marker,
    };
  });
}
