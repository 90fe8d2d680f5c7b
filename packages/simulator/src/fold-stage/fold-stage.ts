import { addDecimals, type Decimal, formatDecimal, parseSum, zero } from '@oncefold/reducer';
import type {
  FunctionDefinition,
  FunctionEnvironment,
  MappingDefinition,
  ProducedRecord,
  SimulatedHandler,
  Simulation,
  StreamDefinition,
} from '../application.ts';
import type { History, ObservedItem, Violation } from '../history/history.ts';
import type { Draw } from '../random/draw.ts';
import type { TableDefinition } from '../store/store.ts';

/** Records of one history. */
const RECORDS_MAX = 20;
const STREAM = 'Records';
const FUNCTION = 'fold';

/** What makes a handler at a cold start, with time, randomness and DynamoDB from its environment. */
type CreateHandler = (environment: FunctionEnvironment) => SimulatedHandler;

/** Items of the observed tables, by table: each attribute as text. */
export type ObservedTables = Readonly<Record<string, readonly ObservedItem[]>>;

/** A function of anybody's that folds a stream into sums, what it is fed, and what its sums must be. */
export interface FoldStageOptions<Data> {
  /** Name of the simulation, for people. Default `fold`. */
  readonly name?: string;
  /** What the module does at a cold start; gives the handler. */
  readonly handler: CreateHandler;
  /** Functions that read the streams of tables, by the table's name: what is behind the first one. */
  readonly followers?: Readonly<Record<string, CreateHandler>>;
  /** All tables that the handlers use. An observer reads them now and then, and at the end. */
  readonly tables: readonly TableDefinition[];
  /** Where records come from: a Kinesis stream (default), or the stream of a table into which another system puts items. */
  readonly source?: StreamDefinition['kind'];
  /** Draws what one record says: it reaches the handler as JSON in base64; from a table, it is the new item, as the stream has it. */
  readonly record: (draw: Draw, number: number) => Data;
  /** Which table has the sums, and the numbers in it that grow. */
  readonly sums: { readonly table: string; readonly measures: readonly string[] };
  /**
   * What the sums must be when each record has counted once: items of the table's key and exact decimal text for each measure. Items of
   * one key are added up, so that there may be one for each record; a sum of 0 may also be missing.
   *
   * @param tables - as they are at the end, where the sums depend on what became of a record
   */
  readonly expected: (records: readonly Data[], tables: ObservedTables) => readonly ObservedItem[];
  /** Says what is wrong with the tables whenever somebody looks, and when everything is done. */
  readonly invariant?: (
    tables: ObservedTables,
    state: { readonly records: readonly Data[]; readonly isDone: boolean },
  ) => string | undefined;
  /** Of the mappings; default: drawn for each of them in each history. */
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
 *   sums: { table: 'Views', measures: ['Count'] },
 *   expected: (records) => records.map(({ page }) => ({ Page: page, Count: '1' })),
 * });
 *
 * const { violating } = await runSeeds(simulation, { from: 0, count: 100, turn: createTurn() });
 * violating.length; // => 0
 * ```
 */
export function foldStage<Data>(options: FoldStageOptions<Data>): Simulation {
  const { name = 'fold', tables, source = 'kinesis', followers = {} } = options;
  if (!tables.some((table) => table.name === options.sums.table)) {
    throw new TypeError(`foldStage: sums.table is ${options.sums.table}, which is none of tables`);
  }
  const readers = [
    { name: FUNCTION, source: STREAM, create: options.handler },
    ...Object.entries(followers).map(([table, create]) => ({
      name: `${FUNCTION}-${table}`,
      source: table,
      create,
    })),
  ];
  return {
    name,
    draw: (draw, limits) => {
      const records = drawRecords(draw.fork('load'), options, limits.keptRecords);
      const lastAtMs = records.at(-1)?.put.atMs ?? 0;
      const shards = Math.min(draw.integer(1, 3), limits.shardsMax ?? 3);
      const concurrencyMax = Math.min(draw.integer(2, 6), limits.concurrencyMax ?? 6);
      return {
        tables,
        streams: [{ name: STREAM, kind: source, shards }],
        functions: readers.map(
          (reader): FunctionDefinition => ({
            name: reader.name,
            timeoutMs: 15_000,
            concurrencyMax,
            create: reader.create,
          }),
        ),
        mappings: readers.map((reader, index) => ({
          function: reader.name,
          source: reader.source,
          settings: options.settings ?? drawSettings(draw.fork('settings', index)),
        })),
        load: records.map(({ put }) => put),
        recordNumbers: records.map(({ number }) => number),
        observed: tables.map((table) => table.name),
        faultsEndMs: lastAtMs + draw.pick([5_000, 60_000, 15 * 60_000]),
        check: (history) => checkTables(history, options, records),
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
  { record, source }: FoldStageOptions<Data>,
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
    const content =
      source === 'dynamodb'
        ? { image: data as Readonly<Record<string, unknown>> }
        : { data: toBase64(JSON.stringify(data)) };
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

function checkTables<Data>(
  history: History,
  options: FoldStageOptions<Data>,
  records: readonly DrawnRecord<Data>[],
): readonly Violation[] {
  const violations: Violation[] = [];
  const end = history.at(-1);
  if (end?.type === 'ended' && end.stuck.length > 0) {
    violations.push({ kind: 'stuck', text: end.stuck.join('; '), records: [], event: history.length - 1 });
  }
  const data = records.map((record) => record.data);
  const lastEvent = history.findLastIndex(({ type }) => type === 'observed');
  let last: ObservedTables = {};
  for (const [event, observed] of history.entries()) {
    if (observed.type === 'observed') {
      last = observed.tables;
      const text = options.invariant?.(last, { records: data, isDone: event === lastEvent });
      if (text !== undefined) {
        violations.push({ kind: 'wrong', text, records: [], event });
      }
    }
  }
  for (const difference of differences(options, data, last)) {
    violations.push({ ...difference, records: [], event: lastEvent });
  }
  return violations;
}

function* differences<Data>(
  { tables: definitions, sums: { table, measures }, expected }: FoldStageOptions<Data>,
  records: readonly Data[],
  tables: ObservedTables,
): Generator<Pick<Violation, 'kind' | 'text'>> {
  const key = definitions.find(({ name }) => name === table)?.key ?? [];
  const actual = addUp(tables[table] ?? [], key, measures);
  const wanted = addUp(expected(records, tables), key, measures);
  for (const name of new Set([...wanted.keys(), ...actual.keys()])) {
    for (const [index, measure] of measures.entries()) {
      const is = actual.get(name)?.[index] ?? zero;
      const mustBe = wanted.get(name)?.[index] ?? zero;
      if (is !== mustBe) {
        const text = `${measure} of ${name} is ${formatDecimal(is)}, and must be ${formatDecimal(mustBe)}`;
        yield { kind: is < mustBe ? 'lost' : 'doubled', text };
      }
    }
  }
}

/** Sums in the order of the measures, by the text of the key. */
function addUp(
  items: readonly ObservedItem[],
  key: readonly string[],
  measures: readonly string[],
): ReadonlyMap<string, readonly Decimal[]> {
  const sums = new Map<string, readonly Decimal[]>();
  for (const item of items) {
    const parts = key.map((name) => item[name] ?? '');
    const name = parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts);
    const before = sums.get(name);
    sums.set(
      name,
      measures.map((measure, index) => addDecimals(before?.[index] ?? zero, parseSum(item[measure] ?? '0'))),
    );
  }
  return sums;
}
