import type { HistoryEvent } from '../history/history.ts';
import { type Grid, mark, type Shape } from './shapes.ts';
import type { Timeline } from './timeline.ts';
import { kindOf } from './trace-history.ts';

/** Draws records, checkpoints, deployments and faults. */
export function drawMarks(timeline: Timeline, grid: Grid): readonly Shape[] {
  return timeline.trace.history.flatMap((event, index) =>
    grid.isShown(index) ? markEvent(timeline, event, grid.rowOf(index)) : [],
  );
}

function markEvent({ lanes, trace }: Timeline, event: HistoryEvent, row: number): readonly Shape[] {
  switch (event.type) {
    case 'record-put':
      return [mark('dot', 'record', lanes.shard(event.stream, event.shard), row)];
    case 'checkpoint-moved':
      return [mark('tick', 'checkpoint', lanes.poller(event.poller), row)];
    case 'poller-started':
      return [mark('dot', 'call', lanes.poller(event.poller), row)];
    case 'program-started':
      return [mark('dot', 'call', lanes.sandbox(event.sandbox), row)];
    case 'program-ended':
      return [
        event.result === 'succeeded'
          ? mark('dot', 'call', lanes.sandbox(event.sandbox), row)
          : mark('cross', 'failure', lanes.sandbox(event.sandbox), row),
      ];
    case 'poller-stopped':
      return [mark('cross', 'quiet', lanes.poller(event.poller), row)];
    case 'records-discarded':
      return [mark('cross', 'failure', lanes.poller(event.poller), row)];
    case 'deployed':
      return [deployment(lanes, row)];
    case 'fault': {
      const [poller = ''] = event.target.split(', ');
      const isPoller = trace.history.some((each) => 'poller' in each && each.poller === poller);
      if (isPoller && kindOf(event) !== 'read-failed') {
        return [mark('fault', 'fault', lanes.poller(poller), row)];
      }
      return lanes.lives.has(event.target) && kindOf(event) === 'sandbox-recycled'
        ? [mark('cross', 'quiet', lanes.sandbox(event.target), row)]
        : [];
    }
    default:
      return [];
  }
}

/** A line over all sandboxes. */
function deployment(lanes: Timeline['lanes'], row: number): Shape {
  const first = lanes.lanes.findIndex(({ kind }) => kind === 'sandbox');
  const from = { lane: Math.max(0, first) - 0.4, y: row + 0.5 };
  return {
    kind: 'line',
    class: 'deployment',
    from,
    to: { lane: lanes.store - 0.6, y: row + 0.5 },
    firstRow: row,
    lastRow: row,
  };
}
