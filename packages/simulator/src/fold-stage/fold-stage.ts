import { addDecimals, type Decimal, formatDecimal, negate, parseSum } from '@oncefold/reducer';
import type {
  FunctionEnvironment,
  MappingDefinition,
  ProducedRecord,
  SimulatedHandler,
  Simulation,
} from '../application.ts';
import type { History, Violation } from '../history/history.ts';
import type { Draw } from '../random/draw.ts';
import type { TableDefinition } from '../store/store.ts';

/** Records of one history. */
const RECORDS_MAX = 20;
const STREAM = 'Records';
const FUNCTION = 'fold';

/** A function of anybody's that folds a Kinesis stream into sums, what it is fed, and what its sums must be. */
export interface FoldStageOptions<Data> {
  /** Name of the simulation, for people. Default `fold`. */
  readonly name?: string;
  /** What the module does at a cold start, with time, randomness and DynamoDB from its environment; gives the handler. */
  readonly handler: (environment: FunctionEnvironment) => SimulatedHandler;
  /** All tables that the handler uses. */
  readonly tables: readonly TableDefinition[];
  /** Draws what one record says; it reaches the handler as JSON in base64. */
  readonly record: (draw: Draw, number: number) => Data;
  /** Which table has the sums: its string key, and the number that grows. */
  readonly sums: { readonly table: string; readonly key: string; readonly attribute: string };
  /** What the sums must be when each record has counted once: exact decimal text by key. A sum of 0 may also be missing. */
  readonly expected: (records: readonly Data[]) => ReadonlyMap<string, string>;
  /** Of the mapping; default: drawn for each history. */
  readonly settings?: MappingDefinition['settings'];
}

/**
 * The simulation of a function of one's own.
 *
 * @param options - the function, what it is fed, and what its sums must be
 * @returns the simulation, for `runSeeds`
 * @example
 * ```ts
 * import { incrementEach, ledger } from '@oncefold/commit';
 * import { commitOnce } from '@oncefold/middleware';
 * import { parseDecimal } from '@oncefold/reducer';
 * import { createTurn, foldStage, runSeeds } from '@oncefold/simulator';
 * import type { KinesisStreamEvent } from 'aws-lambda';
 *
 * const simulation = foldStage<{ page: string }>({
 *   handler: ({ transactions, clock }) =>
 *     commitOnce<KinesisStreamEvent>(
 *       {
 *         transactions,
 *         clock,
 *         strategy: ledger({ namespace: 'shop', consumer: 'views', table: 'Ledger', retentionSeconds: 691_200, now: () => clock.now() }),
 *         effect: incrementEach({ table: 'Views', key: 'Page', attribute: 'Count' }),
 *       },
 *       ({ Records }) =>
 *         Records.map(({ kinesis }) => ({ contribution: new Map([[JSON.parse(atob(kinesis.data)).page, parseDecimal('1')]]) })),
 *     ),
 *   tables: [{ name: 'Views', key: ['Page'] }, { name: 'Ledger', key: ['Marker'] }],
 *   record: (draw) => ({ page: draw.pick(['/', '/prices']) }),
 *   sums: { table: 'Views', key: 'Page', attribute: 'Count' },
 *   expected: (records) => new Map([...Map.groupBy(records, ({ page }) => page)].map(([page, own]) => [page, String(own.length)])),
 * });
 *
 * const { violating } = await runSeeds(simulation, { from: 0, count: 100, turn: createTurn() });
 * violating.length; // => 0
 * ```
 */
export function foldStage<Data>(options: FoldStageOptions<Data>): Simulation {
  const { name = 'fold', handler, tables, sums, expected } = options;
  return {
    name,
    draw: (draw, limits) => {
      const records = drawRecords(draw.fork('load'), options, limits.keptRecords);
      const lastAtMs = records.at(-1)?.put.atMs ?? 0;
      const shards = Math.min(draw.integer(1, 3), limits.shardsMax ?? 3);
      return {
        tables,
        streams: [{ name: STREAM, kind: 'kinesis', shards }],
        functions: [
          {
            name: FUNCTION,
            timeoutMs: 15_000,
            concurrencyMax: Math.min(draw.integer(2, 6), limits.concurrencyMax ?? 6),
            create: handler,
          },
        ],
        mappings: [
          {
            function: FUNCTION,
            source: STREAM,
            settings: options.settings ?? drawSettings(draw.fork('settings')),
          },
        ],
        load: records.map(({ put }) => put),
        recordNumbers: records.map(({ number }) => number),
        observed: [sums.table],
        faultsEndMs: lastAtMs + draw.pick([5_000, 60_000, 15 * 60_000]),
        check: (history) => checkSums(history, sums, expected(records.map(({ data }) => data))),
      };
    },
  };
}

interface DrawnRecord<Data> {
  readonly number: number;
  readonly data: Data;
  readonly put: ProducedRecord;
}

function drawRecords<Data>(
  draw: Draw,
  { record }: FoldStageOptions<Data>,
  kept: ReadonlySet<number> | undefined,
): readonly DrawnRecord<Data>[] {
  const count = draw.integer(1, RECORDS_MAX);
  const burstMs = draw.pick([10, 500, 20_000]);
  const records: DrawnRecord<Data>[] = [];
  let atMs = 0;
  for (let number = 0; number < count; number += 1) {
    const own = draw.fork('record', number);
    atMs += own.integer(0, burstMs);
    if (kept?.has(number) === false) {
      continue;
    }
    const data = record(own.fork('data'), number);
    const partitionKey = `key-${own.integer(0, 5)}`;
    const content = { data: toBase64(JSON.stringify(data)) };
    records.push({ number, data, put: { atMs, stream: STREAM, partitionKey, label: `r${number}`, content } });
  }
  return records;
}

function drawSettings(draw: Draw): MappingDefinition['settings'] {
  return {
    batchSize: draw.pick([1, 3, 6, 20]),
    maximumBatchingWindowInSeconds: draw.pick([0, 0, 1]),
    bisectBatchOnFunctionError: draw.chance(0.2),
    behaviour: { retryGrouping: draw.chance(0.3) ? 'recut' : 'same' },
  };
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function checkSums(
  history: History,
  { table, key, attribute }: FoldStageOptions<never>['sums'],
  expected: ReadonlyMap<string, string>,
): readonly Violation[] {
  const event = history.findLastIndex(({ type }) => type === 'observed');
  const observed = history[event];
  const end = history.at(-1);
  const violations: Violation[] = [];
  if (end?.type === 'ended' && end.stuck.length > 0) {
    violations.push({ kind: 'stuck', text: end.stuck.join('; '), records: [], event: history.length - 1 });
  }
  const items = observed?.type === 'observed' ? (observed.tables[table] ?? []) : [];
  const actual = new Map(items.map((item) => [item[key] ?? '', item[attribute] ?? '0']));
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const difference = differenceOf(actual.get(name) ?? '0', expected.get(name) ?? '0');
    const text = formatDecimal(difference);
    if (text !== '0') {
      const kind = text.startsWith('-') ? 'lost' : 'doubled';
      const what = `${name} is ${actual.get(name) ?? 'nothing'}, and ${expected.get(name) ?? 'nothing'} was sent`;
      violations.push({ kind, text: what, records: [], event });
    }
  }
  return violations;
}

function differenceOf(actual: string, expected: string): Decimal {
  return addDecimals(parseSum(actual), negate(parseSum(expected)));
}
