import type { ModelDetails } from '../../figures/model-prediction.ts';
import { dollarSum } from '../../model/capacity.ts';
import type { ServiceTime } from '../../model/service-time.ts';
import { markdownTable, number, rounded } from './markdown-table.ts';

/** What the model said of runs, and what they were. */
export function predictionSection({ predictions, services }: ModelDetails): string {
  const time = ({ fixedMs, perRecordMs }: ServiceTime) =>
    `${number(fixedMs, 1)} + ${number(perRecordMs, 2)} × *n*`;
  const row = (name: string, { state, map, reduce }: ModelDetails['services']['light']) => [
    name,
    time(state),
    time(map),
    time(reduce),
  ];
  return [
    markdownTable(
      ['Run', 'Predicted', 'Measured', 'Ratio'],
      predictions.map(({ what, unit, predicted, measured }) => [
        what,
        `${number(predicted, 1)} ${unit}`,
        `${number(measured, 1)} ${unit}`,
        number(predicted / measured, 2),
      ]),
    ),
    'Service times that it was given, milliseconds for a batch of *n* records, rows or changes:',
    markdownTable(
      ['Taken from', 'State', 'Map', 'Reduce'],
      [row('50 and 400 messages a second', services.light), row('8,000 messages at once', services.full)],
    ),
  ].join('\n\n');
}

/** What three loads take. */
export function loadSection({ capacities }: ModelDetails): string {
  const columns = (name: string, of: (capacity: ModelDetails['capacities'][number]) => string) => [
    name,
    ...capacities.map(of),
  ];
  const percent = (share: number) => `${rounded(share * 100)} %`;
  return markdownTable(
    ['Messages a second', ...capacities.map(({ messagesPerSecond }) => number(messagesPerSecond))],
    [
      columns(
        'shards of Kinesis; of the stream of StateTable',
        ({ shards }) => `${shards.state}; ${shards.map}`,
      ),
      columns(
        'invocations a second: state, map, reduce',
        ({ batches }) => `${rounded(batches.state)}, ${rounded(batches.map)}, ${rounded(batches.reduce)}`,
      ),
      columns('invocations at once', ({ invocationsAtOnce }) => rounded(invocationsAtOnce)),
      columns('write units of StateTable a second', ({ stateWriteUnits }) => number(stateWriteUnits)),
      columns('transactions of reduce a second', ({ reduceTransactions }) => rounded(reduceTransactions)),
      columns('units of the hottest item a second, of 1,000', ({ hottestItemWriteUnits }) =>
        rounded(hottestItemWriteUnits),
      ),
      columns('time in which a transaction holds the sums', ({ sumsBusy }) => percent(sumsBusy)),
      columns('time in which a shard of state is busy', ({ busy }) => percent(busy.state)),
      columns('dollars a month', ({ dollarsPerMonth }) => number(dollarSum(dollarsPerMonth))),
      columns(
        'of these: writes of state; of map; of reduce',
        ({ dollarsPerMonth: { stateWrites, mapWrites, reduceWrites } }) =>
          [stateWrites, mapWrites, reduceWrites].map((value) => number(value)).join('; '),
      ),
    ],
  );
}

/** What limits first, and what then. */
export function limitSection({ limits, limitsWithoutWindows }: ModelDetails): string {
  return markdownTable(
    ['Limit', 'Raised by AWS', 'Reached at, messages a second', 'The same without windows'],
    limits.map(({ what, isQuota, messagesPerSecond }) => [
      what,
      isQuota ? 'yes' : 'no',
      rounded(messagesPerSecond),
      rounded(limitsWithoutWindows.find((other) => other.what === what)?.messagesPerSecond ?? Number.NaN),
    ]),
  );
}

/** Queues on the simulated clock, below the limits and above. */
export function simulationSection({ simulations }: ModelDetails): string {
  return markdownTable(
    ['Load', 'Messages a second', 'Simulated', 'Median; 99th, ms', 'Not through at half time; at the end'],
    simulations.map(({ what, messagesPerSecond, seconds, medianMs, p99Ms, waiting }) => [
      what,
      number(messagesPerSecond),
      `${seconds} s`,
      `${number(medianMs)}; ${number(p99Ms)}`,
      `${number(waiting.middle)}; ${number(waiting.end)}`,
    ]),
  );
}
