import { arrow, type Grid, mark, type Shape } from './shapes.ts';
import type { Timeline } from './timeline.ts';
import { type InvocationTrace, isDirect, streamOf } from './trace-history.ts';

/** Draws invocations as bars, with an arrow from the shard by way of the poller, and one back with the answer. */
export function drawInvocations({ trace, lanes }: Timeline, grid: Grid): readonly Shape[] {
  return [...trace.invocations.values()].flatMap((invocation) => drawInvocation(invocation, { lanes, grid }));
}

function drawInvocation(
  { started, startedAt, ended, endedAt }: InvocationTrace,
  { lanes, grid }: { readonly lanes: Timeline['lanes']; readonly grid: Grid },
): readonly Shape[] {
  const lane = lanes.sandbox(started.sandbox);
  const caller = isDirect(started) ? lanes.sandbox(started.poller) : lanes.poller(started.poller);
  const source = isDirect(started) ? caller : lanes.shard(streamOf(started.poller), started.shard);
  const first = grid.rowOf(startedAt);
  const last = endedAt === undefined ? grid.rows - 1 : grid.rowOf(endedAt);
  const isShown = grid.isShown(startedAt);
  if (!isShown && (endedAt === undefined || !grid.isShown(endedAt))) {
    return [];
  }
  const how = ended?.result ?? 'running';
  const shapes: Shape[] = [
    {
      kind: 'bar',
      class: how === 'succeeded' ? 'bar' : 'bar failed',
      from: { lane, y: first + 0.5 },
      to: { lane, y: last + 0.5 },
      firstRow: first,
      lastRow: last,
    },
  ];
  if (isShown) {
    shapes.push(
      arrow('call', { lane: source, y: first + 0.5 }, { lane, y: first + 0.5 }),
      mark('tick', 'call', source, first),
      mark('tick', 'call', caller, first),
    );
  }
  if (endedAt !== undefined && grid.isShown(endedAt)) {
    switch (how) {
      case 'crashed':
      case 'timed-out':
        shapes.push(mark('cross', 'failure', lane, last));
        break;
      default:
        shapes.push(
          arrow(
            how === 'succeeded' ? 'answer' : 'answer failure',
            { lane, y: last + 0.5 },
            { lane: caller, y: last + 0.5 },
          ),
        );
    }
  }
  return shapes;
}
