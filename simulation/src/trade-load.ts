import type { Draw, ForeignWrite, ProducedRecord } from '@oncefold/simulator';
import { aggregateRecords } from './aggregate-records.ts';

/** Powers of ten that a value can be: 18 integer and 12 fraction digits. As many messages have a value that no other one has. */
const POWERS = 30;
/** Lowest power: the last of 12 fraction digits. */
const POWER_MIN = -12;
/** Messages of a history whose batches need several transactions. */
const MANY_MESSAGES_MAX = 90;

type Segments = Readonly<Record<'RiskType' | 'TradeDesk' | 'Region', readonly string[]>>;

/** So few nodes that trades meet in them. */
export const fewSegments: Segments = {
  RiskType: ['PV', 'Delta'],
  TradeDesk: ['FXSpot', 'Rates'],
  Region: ['EMEA', 'APAC'],
};

/** So many nodes that a batch needs several transactions. */
const manySegments: Segments = {
  RiskType: ['PV', 'Delta', 'Gamma', 'Vega', 'Theta', 'Rho'],
  TradeDesk: Array.from({ length: 200 }, (_, desk) => `Desk${desk}`),
  Region: ['EMEA', 'APAC', 'AMER'],
};

/** Label of what another program writes into StateTable. */
export const NO_TRADE = 'an item that is no trade';

/** A message of the load. */
export interface LoadedMessage {
  /** Names it in the history. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** What it says; absent: it is no trade, whatever dimensions are configured. */
  readonly trade: LoadedTrade | undefined;
}

/** A version of a trade, as its producer sent it. */
export interface LoadedTrade {
  readonly tradeId: string;
  readonly version: number;
  /** Its value is 10 to this power. */
  readonly power: number;
  readonly segments: Readonly<Record<string, string>>;
  /** Some deployed dimensions refuse it. */
  readonly isPartial: boolean;
}

/** What a history is fed. */
export interface TradeLoad {
  readonly messages: readonly LoadedMessage[];
  /** Number of each message among all that the seed draws. */
  readonly numbers: readonly number[];
  readonly puts: readonly ProducedRecord[];
  readonly removals: readonly ForeignWrite[];
}

/** What one message is to its trade. */
type MessageKind = 'new-version' | 'moved' | 'repeated' | 'stale' | 'conflict' | 'partial' | 'invalid';

/** What the kinds are drawn from; the first message of a trade is always a new version. */
const KINDS: readonly MessageKind[] = [
  'new-version',
  'new-version',
  'new-version',
  'moved',
  'moved',
  'repeated',
  'stale',
  'conflict',
  'partial',
  'invalid',
];

/** How much comes in, and how fast. */
export interface LoadShape {
  /** Share of loads with so many nodes that a batch needs several transactions as they are deployed. */
  readonly broadShare: number;
  /** Most messages of the other loads. */
  readonly messagesMax: number;
  readonly tradesMax: number;
  /** Share of the other loads in which trades hardly ever meet in a node. */
  readonly scatteredShare: number;
  /** Longest time between two messages, in milliseconds. */
  readonly burstsMs: readonly number[];
}

export const anyLoad: LoadShape = {
  broadShare: 0.15,
  messagesMax: POWERS,
  tradesMax: 4,
  scatteredShare: 0,
  burstsMs: [5, 400, 15_000],
};

/** So little that many histories can be made, and so fast that batches hold several messages that need several commits. */
export const denseLoad: LoadShape = {
  broadShare: 0,
  messagesMax: 14,
  tradesMax: 8,
  scatteredShare: 0.6,
  burstsMs: [5, 5, 400, 15_000],
};

/** Draws trades and the messages that change them, with everything that producers send. */
export function drawTradeLoad(
  draw: Draw,
  options: {
    readonly kept: ReadonlySet<number> | undefined;
    readonly streams: readonly string[];
    readonly shape: LoadShape;
  },
): TradeLoad {
  const { shape } = options;
  const isBroad = draw.chance(shape.broadShare);
  const count = isBroad
    ? draw.integer(POWERS, MANY_MESSAGES_MAX)
    : draw.integer(1, draw.chance(0.7) ? 8 : shape.messagesMax);
  const trades = isBroad ? count : draw.integer(1, shape.tradesMax);
  const burstMs = isBroad ? 5 : draw.pick(shape.burstsMs);
  const isScattered = draw.chance(0.4);
  const segments =
    isBroad || draw.fork('scattered').chance(shape.scatteredShare) ? manySegments : fewSegments;
  const byTrade = new Map<string, LoadedTrade[]>();
  const messages: (LoadedMessage & { readonly atMs: number; readonly partitionKey: string })[] = [];
  const numbers: number[] = [];
  let atMs = 0;
  for (let number = 0; number < count; number += 1) {
    const own = draw.fork('message', number);
    atMs += own.integer(0, burstMs);
    if (options.kept?.has(number) === false) {
      continue;
    }
    numbers.push(number);
    const tradeId = `trade-${own.integer(1, trades)}`;
    const earlier = byTrade.get(tradeId) ?? [];
    const message = drawMessage(own, { number, tradeId, earlier, segments });
    if (message.trade !== undefined) {
      byTrade.set(tradeId, [...earlier, message.trade]);
    }
    // The partition key says nothing: versions of one trade may come over different shards, in any order.
    const partitionKey = isScattered ? `any-${own.integer(0, 9)}` : tradeId;
    messages.push({ ...message, atMs, partitionKey });
  }
  return {
    messages,
    numbers,
    puts: pack(draw.fork('pack'), messages, options.streams),
    removals: drawRemovals(draw.fork('removals'), { tradeIds: [...byTrade.keys()], lastAtMs: atMs }),
  };
}

function drawMessage(
  draw: Draw,
  context: {
    readonly number: number;
    readonly tradeId: string;
    readonly earlier: readonly LoadedTrade[];
    readonly segments: Segments;
  },
): LoadedMessage {
  const { number, tradeId, earlier } = context;
  const newest = earlier.reduce<LoadedTrade | undefined>(
    (best, trade) => (best === undefined || trade.version > best.version ? trade : best),
    undefined,
  );
  const kind = draw.pick(KINDS);
  const label = `m${number}`;
  if (kind === 'invalid') {
    return { label: `${label} invalid`, bytes: drawInvalid(draw, number), trade: undefined };
  }
  if (kind === 'repeated' && earlier.length > 0) {
    const trade = draw.pick(earlier);
    return { label: `${label} repeats ${nameOf(trade)}`, bytes: bytesOf(trade), trade };
  }
  const isOlder = kind === 'stale' && newest !== undefined && newest.version > 0;
  const version =
    newest === undefined
      ? draw.integer(0, 1)
      : isOlder
        ? draw.integer(0, newest.version - 1)
        : kind === 'conflict'
          ? newest.version
          : newest.version + draw.integer(1, 2);
  const isKeptInPlace = newest !== undefined && kind !== 'moved';
  const segments = isKeptInPlace ? newest.segments : drawSegments(draw, context.segments);
  const { RiskType: _, ...partial } = segments;
  const isPartial = kind === 'partial';
  const trade: LoadedTrade = {
    tradeId,
    version,
    power: POWER_MIN + (number % POWERS),
    segments: isPartial ? partial : { ...drawSegments(draw, context.segments), ...segments },
    isPartial,
  };
  return { label: `${label} ${nameOf(trade)}`, bytes: bytesOf(trade), trade };
}

function nameOf({ tradeId, version }: LoadedTrade): string {
  return `${tradeId} v${version}`;
}

function drawSegments(draw: Draw, segments: Segments): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(segments).map(([dimension, names]) => [dimension, draw.pick(names)]),
  );
}

/** 10 to a power, as a decimal. */
export function decimalOf(power: number): string {
  return power < 0 ? `0.${'0'.repeat(-power - 1)}1` : `1${'0'.repeat(power)}`;
}

function bytesOf({ tradeId, version, power, segments }: LoadedTrade): Uint8Array {
  const message = {
    TradeID: tradeId,
    Version: version,
    Value: decimalOf(power),
    Hierarchy: segments,
    Timestamp: 1_767_225_600,
  };
  return new TextEncoder().encode(JSON.stringify(message));
}

/** What no dimensions take for a trade; every one has other bytes. */
function drawInvalid(draw: Draw, number: number): Uint8Array {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const trade = (change: object): Uint8Array =>
    encode(
      JSON.stringify({
        TradeID: `invalid-${number}`,
        Version: 0,
        Value: '1',
        Hierarchy: drawSegments(draw, fewSegments),
        Timestamp: 1,
        ...change,
      }),
    );
  return draw.pick([
    () => encode(`{"TradeID":"invalid-${number}`),
    () => trade({ Value: 'much' }),
    () => trade({ Version: -1 }),
    () => trade({ Hierarchy: { RiskType: 'PV:FXSpot', TradeDesk: 'FX:Spot', Region: 'A:B' } }),
    () => trade({ Hierarchy: {} }),
    () => Uint8Array.from([0xff, 0xfe, number]),
    // More than the first part of a quarantined record holds.
    () => encode(`huge ${number} ${'x'.repeat(20_000)}`),
  ])();
}

/** Puts some neighbours into one Kinesis record, as the Kinesis Producer Library does. */
function pack(
  draw: Draw,
  messages: readonly (LoadedMessage & { readonly atMs: number; readonly partitionKey: string })[],
  streams: readonly string[],
): readonly ProducedRecord[] {
  const puts: ProducedRecord[] = [];
  const isPacking = draw.chance(0.3);
  for (let index = 0; index < messages.length; ) {
    const first = messages[index];
    const size = isPacking ? draw.integer(1, 3) : 1;
    const next = messages.slice(index, index + size);
    const others = next.findIndex(({ partitionKey }) => partitionKey !== first?.partitionKey);
    const together = others < 0 ? next : next.slice(0, others);
    const last = together.at(-1);
    if (first === undefined || last === undefined) {
      throw new Error('invariant: there is a message');
    }
    const bytes = together.length === 1 ? first.bytes : aggregateRecords(together.map((one) => one.bytes));
    puts.push({
      atMs: last.atMs,
      stream: draw.pick(streams),
      partitionKey: first.partitionKey,
      label: together.map(({ label }) => label).join(' + '),
      content: { data: Buffer.from(bytes).toString('base64') },
    });
    index += together.length;
  }
  return puts;
}

/** Another program removes trades, and writes what is none. */
function drawRemovals(
  draw: Draw,
  { tradeIds, lastAtMs }: { readonly tradeIds: readonly string[]; readonly lastAtMs: number },
): readonly ForeignWrite[] {
  if (tradeIds.length === 0 || !draw.chance(0.3)) {
    return [];
  }
  const atMs = (): number => draw.integer(0, lastAtMs + 20_000);
  const removed = draw.pick(tradeIds);
  const garbage = { id: { S: 'no trade' } };
  return [
    {
      atMs: atMs(),
      table: 'StateTable',
      label: `${removed} is removed`,
      key: { id: { S: removed } },
      onlyIfPresent: true,
    },
    {
      atMs: atMs(),
      table: 'StateTable',
      label: NO_TRADE,
      key: garbage,
      item: { Version: { S: 'one' }, Value: { N: '5' } },
    },
  ];
}
