/** An invocation that succeeded; times in milliseconds since the epoch. */
export interface ObservedCall {
  /** Logical id of the function. */
  readonly functionId: string;
  readonly shardId: string;
  readonly records: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The event as JSON text. */
  readonly payload: string;
}

type Span = Pick<ObservedCall, 'startedAtMs' | 'endedAtMs'>;

/** When a message went through each stage. */
export interface Passage {
  readonly putAtMs: number;
  readonly state: Span;
  readonly map: Span;
  readonly reduce: Span;
}

/** The ways of a message, one after the other; together they are the whole time from its put to its sums. */
export const legs = ['wait for state', 'state', 'wait for map', 'map', 'wait for reduce', 'reduce'] as const;
export type Leg = (typeof legs)[number];

interface StreamedRecord {
  readonly kinesis?: { readonly data: string };
  readonly dynamodb?: {
    readonly Keys: { readonly id?: { readonly S: string } };
    readonly NewImage: { readonly Message?: { readonly S: string } };
  };
}

/**
 * Follows each message through the invocations.
 *
 * A row of sums does not say which changes it is of, but how many: rows come in the order of the batches of map that wrote them,
 * because there is one shard of each table, so that the first rows count the first changes.
 *
 * @param puts - when each trade was put, in that order
 * @param calls - the invocations of one run, which was of new trades only
 * @throws where changes and rows do not count the same
 */
export function passagesOf(
  puts: ReadonlyMap<string, number>,
  calls: readonly ObservedCall[],
): readonly Passage[] {
  const inOrder = calls.toSorted((one, other) => one.startedAtMs - other.startedAtMs);
  const of = (functionId: string) =>
    inOrder.flatMap((call) =>
      call.functionId === functionId
        ? recordsOf(call).map((record) => ({
            record,
            span: { startedAtMs: call.startedAtMs, endedAtMs: call.endedAtMs },
          }))
        : [],
    );
  const state = new Map(of('StateFunction').map(({ record, span }) => [tradeIdOf(record), span]));
  const changes = of('MapFunction');
  const map = new Map(changes.map(({ record, span }) => [record.dynamodb?.Keys.id?.S, span]));
  const counted = of('ReduceFunction').flatMap(({ record, span }) =>
    Array.from({ length: countOf(record) }, () => span),
  );
  if (counted.length !== changes.length) {
    throw new Error(`rows of sums count ${counted.length} changes of ${changes.length}`);
  }
  const reduce = new Map(changes.map(({ record }, index) => [record.dynamodb?.Keys.id?.S, counted[index]]));
  return [...puts].map(([id, putAtMs]) => {
    const spans = { state: state.get(id), map: map.get(id), reduce: reduce.get(id) };
    if (spans.state === undefined || spans.map === undefined || spans.reduce === undefined) {
      throw new Error('a message went through without a trace');
    }
    return { putAtMs, state: spans.state, map: spans.map, reduce: spans.reduce };
  });
}

/** How long a message took on each of its ways, milliseconds. */
export function legsOf({ putAtMs, state, map, reduce }: Passage): Readonly<Record<Leg, number>> {
  return {
    'wait for state': state.startedAtMs - putAtMs,
    state: state.endedAtMs - state.startedAtMs,
    'wait for map': map.startedAtMs - state.endedAtMs,
    map: map.endedAtMs - map.startedAtMs,
    'wait for reduce': reduce.startedAtMs - map.endedAtMs,
    reduce: reduce.endedAtMs - reduce.startedAtMs,
  };
}

/** From the put of a message to the end of the invocation that committed its sums, milliseconds. */
export function wholeMs({ putAtMs, reduce }: Passage): number {
  return reduce.endedAtMs - putAtMs;
}

/** How many changes the rows of a call of reduce count. */
export function changesCounted(call: Pick<ObservedCall, 'payload'>): number {
  return recordsOf(call).reduce((sum, record) => sum + countOf(record), 0);
}

function recordsOf({ payload }: Pick<ObservedCall, 'payload'>): readonly StreamedRecord[] {
  return JSON.parse(payload).Records;
}

function tradeIdOf({ kinesis }: StreamedRecord): string {
  return JSON.parse(Buffer.from(kinesis?.data ?? '', 'base64').toString()).TradeID;
}

function countOf({ dynamodb }: StreamedRecord): number {
  return Number(JSON.parse(dynamodb?.NewImage.Message?.S ?? '{}').message_count);
}
