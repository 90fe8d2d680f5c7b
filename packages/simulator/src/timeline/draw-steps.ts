import { drawInvocations } from './draw-invocations.ts';
import { drawMarks } from './draw-marks.ts';
import { drawRequests } from './draw-requests.ts';
import { type Html, html } from './html.ts';
import { type Grid, type Scale, type Shape, slice } from './shapes.ts';
import type { Step } from './steps.ts';
import type { Timeline } from './timeline.ts';
import { isDirect, streamOf } from './trace-history.ts';

/**
 * Draws steps under each other: one picture per step, so that a step keeps its part of every arrow wherever the list is broken,
 * on a screen or on paper.
 *
 * @param steps - those that are shown, in order
 */
export function drawSteps(timeline: Timeline, steps: readonly Step[], scale: Scale): readonly Html[] {
  const grid = createGrid(timeline, steps);
  const shapes = [
    ...drawLanes(timeline, grid),
    ...drawInvocations(timeline, grid),
    ...drawRequests(timeline, grid),
    ...drawMarks(timeline, grid),
  ];
  const width = timeline.lanes.lanes.length * scale.laneWidth;
  const height = scale.rowHeight;
  const byRow = shapesByRow(shapes, steps.length);
  return steps.map(
    (_, row) =>
      html`<svg class="drawing" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true">${(byRow[row] ?? []).map((shape) => slice(shape, row, scale))}</svg>`,
  );
}

function createGrid({ trace }: Timeline, steps: readonly Step[]): Grid {
  const rows = new Map<number, number>();
  for (const [row, { events }] of steps.entries()) {
    for (const event of events) {
      rows.set(event, row);
    }
  }
  // Of a step that is not shown, the next one that is; the end is the last row.
  let next = steps.length - 1;
  const rowOf: number[] = [];
  for (let event = trace.history.length - 1; event >= 0; event -= 1) {
    next = rows.get(event) ?? next;
    rowOf[event] = next;
  }
  return { rowOf: (event) => rowOf[event] ?? 0, isShown: (event) => rows.has(event), rows: steps.length };
}

function shapesByRow(shapes: readonly Shape[], rows: number): readonly (readonly Shape[])[] {
  const byRow: Shape[][] = Array.from({ length: rows }, () => []);
  for (const shape of shapes) {
    for (let row = Math.max(0, shape.firstRow); row <= Math.min(rows - 1, shape.lastRow); row += 1) {
      byRow[row]?.push(shape);
    }
  }
  return byRow;
}

/** The lines of shards, pollers and DynamoDB; a shard's line begins with its first record, a poller's with its start. */
function drawLanes({ trace, lanes }: Timeline, grid: Grid): readonly Shape[] {
  const begins = new Map<number, number>([[lanes.store, 0]]);
  const ends = new Map<number, number>();
  for (const [index, event] of trace.history.entries()) {
    const begin = (lane: number): void => void (begins.has(lane) || begins.set(lane, grid.rowOf(index)));
    if (event.type === 'record-put') {
      begin(lanes.shard(event.stream, event.shard));
    } else if (event.type === 'invocation-started' && !isDirect(event)) {
      begin(lanes.shard(streamOf(event.poller), event.shard));
    } else if (event.type === 'poller-started') {
      begin(lanes.poller(event.poller));
    } else if (event.type === 'poller-stopped') {
      ends.set(lanes.poller(event.poller), grid.rowOf(index));
    }
  }
  const lines = [...begins].map(([lane, first]): Shape => {
    const end = ends.get(lane);
    return {
      kind: 'line',
      class: lane === lanes.store ? 'lane store' : 'lane',
      from: { lane, y: first === 0 ? 0 : first + 0.5 },
      to: { lane, y: end === undefined ? grid.rows : end + 0.5 },
      firstRow: first,
      lastRow: end ?? grid.rows - 1,
    };
  });
  const idle = [...lanes.lives].map(([sandbox, { first, last }]): Shape => {
    const lane = lanes.sandbox(sandbox);
    const [firstRow, lastRow] = [grid.rowOf(first), grid.rowOf(last)];
    return {
      kind: 'line',
      class: 'lane idle',
      from: { lane, y: firstRow + 0.5 },
      to: { lane, y: lastRow + 0.5 },
      firstRow,
      lastRow,
    };
  });
  return [...lines, ...idle];
}
