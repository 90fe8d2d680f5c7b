import * as Plot from '@observablehq/plot';
import type { LatencyDetails } from '../../figures/latency.ts';
import { legs } from '../../pipeline/passages.ts';
import { svgFile } from './svg-file.ts';

/** What the plot shows, for those who do not see it. */
export const latencyLegsTitle =
  'Mean time of a message on each way from its put to its sums, at three rates, with the 99th percentile';

const SIZE = { width: 760, row: 62, top: 34, bottom: 44, left: 130, right: 84 };
/** A way that takes less of the whole has no room for its name. */
const NAMED_SHARE = 0.17;

interface Segment {
  readonly rate: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly name: string;
  readonly isWait: boolean;
}

/** Where a message spends its time, at each rate. */
export function drawLatencyLegs(runs: readonly LatencyDetails[]): string {
  const segments = runs.flatMap(segmentsOf);
  const longestMs = Math.max(...runs.map(({ whole }) => whole.p99Ms), ...segments.map(({ toMs }) => toMs));
  const marks = runs.map((run) => ({ rate: nameOf(run), ...run.whole }));
  return svgFile(latencyLegsTitle, {
    width: SIZE.width,
    height: SIZE.top + SIZE.bottom + runs.length * SIZE.row,
    marginTop: SIZE.top,
    marginBottom: SIZE.bottom,
    marginLeft: SIZE.left,
    marginRight: SIZE.right,
    x: {
      domain: [0, longestMs],
      label: 'milliseconds since the put, means; the line is the 99th percentile',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 0,
      ticks: 5,
    },
    y: { domain: runs.map(nameOf), label: null, tickSize: 0, padding: 0.35 },
    marks: [
      Plot.gridX({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.barX(segments, {
        y: 'rate',
        x1: 'fromMs',
        x2: 'toMs',
        fill: ({ isWait }: Segment) => (isWait ? 'var(--wait)' : 'var(--work)'),
        title: ({ name, fromMs, toMs }: Segment) => `${name}: ${toMs - fromMs} ms`,
      }),
      Plot.text(
        segments.filter(({ fromMs, toMs }) => toMs - fromMs > longestMs * NAMED_SHARE),
        {
          y: 'rate',
          x: ({ fromMs, toMs }: Segment) => (fromMs + toMs) / 2,
          text: ({ name, fromMs, toMs }: Segment) =>
            `${name.replace('wait for', 'for')} ${(toMs - fromMs).toLocaleString('en-US')}`,
          fill: ({ isWait }: Segment) => (isWait ? 'var(--ink)' : 'var(--paper)'),
        },
      ),
      Plot.tickX(marks, { y: 'rate', x: 'p99Ms', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.text(marks, {
        y: 'rate',
        x: 'p99Ms',
        text: ({ p99Ms }: { readonly p99Ms: number }) => p99Ms.toLocaleString('en-US'),
        textAnchor: 'start',
        dx: 6,
        fill: 'var(--ink)',
      }),
      ...key(),
    ],
  });
}

/** What the two colors are. */
function key(): readonly Plot.Markish[] {
  const entries = [
    { name: 'waits for a read or a window', color: 'var(--wait)', dx: 0 },
    { name: 'a function runs', color: 'var(--work)', dx: 230 },
  ];
  const common = { frameAnchor: 'top-left', dy: -24, textAnchor: 'start' } as const;
  return entries.flatMap(({ name, color, dx }) => [
    Plot.text(['■'], { ...common, dx, fill: color, fontSize: 16 }),
    Plot.text([name], { ...common, dx: dx + 18, fill: 'var(--ink)' }),
  ]);
}

function segmentsOf(run: LatencyDetails): readonly Segment[] {
  let fromMs = 0;
  return legs.map((name) => {
    const toMs = fromMs + run.legs[name].meanMs;
    const segment = { rate: nameOf(run), fromMs, toMs, name, isWait: name.startsWith('wait') };
    fromMs = toMs;
    return segment;
  });
}

function nameOf({ messagesPerSecond }: LatencyDetails): string {
  return `${messagesPerSecond.toLocaleString('en-US')} a second`;
}
