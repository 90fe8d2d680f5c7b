import type { LatencyDetails, LatencySpread } from '../../figures/latency.ts';
import { legs } from '../../pipeline/passages.ts';
import { markdownTable, number } from './markdown-table.ts';

/** Each way of a message, at each rate. */
export function latencySection(runs: readonly LatencyDetails[]): string {
  const cell = ({ medianMs, p99Ms }: LatencySpread) => `${number(medianMs)}; ${number(p99Ms)}`;
  return markdownTable(
    [
      'Milliseconds: median; 99th percentile',
      ...runs.map((run) => `${number(run.messagesPerSecond)} a second`),
    ],
    [
      ...legs.map((leg) => [leg, ...runs.map((run) => cell(run.legs[leg]))]),
      ['**from put to sum**', ...runs.map(({ whole }) => `**${cell(whole)}**`)],
      [
        'windows; longest polls',
        ...runs.map(({ floor }) => `${number(floor.windowsMs)}; ${number(floor.pollsMs)}`),
      ],
      ['messages measured', ...runs.map(({ samples }) => number(samples))],
    ],
  );
}
