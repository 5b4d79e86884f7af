import { type Edge, ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import classes from "./canvas.module.css";
import { linesOf, type Stands } from "./far";

/** All edges as two lines, those that a transaction took apart: what is drawn of them from afar. */
export function FarEdges({ nodes, edges }: { nodes: Stands[]; edges: Edge[] }) {
  const [plain, taken] = useMemo(() => {
    const of = (lit: boolean) => edges.filter((e) => (e.className === "taken") === lit);
    return [linesOf(nodes, of(false)), linesOf(nodes, of(true))];
  }, [nodes, edges]);
  return (
    <ViewportPortal>
      <svg className={classes.lines} aria-hidden>
        <path d={plain} />
        <path d={taken} data-taken />
      </svg>
    </ViewportPortal>
  );
}
