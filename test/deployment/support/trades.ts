import { formatUnits } from './units.ts';

export type Outcome = 'Applied' | 'Duplicate' | 'Stale' | 'Conflict' | 'Quarantined';
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** The newest version of a trade that was sent. */
export interface SentTrade {
  readonly version: number;
  /** In units of 10^-12. */
  readonly units: bigint;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Messages of which no two change one trade, so that their order says nothing. */
interface Wave {
  readonly messages: readonly string[];
  readonly expected: OutcomeCounts;
}

interface TradeSource {
  /** Newest versions by trade, after all waves so far. */
  readonly trades: ReadonlyMap<string, SentTrade>;
  /** Changes of trades so far: each must be counted once. */
  changes(): number;
  /** A third of the trades changes, a sixth moves to other dimensions. */
  wave(): Wave;
  /** Every trade changes. */
  waveOfAll(): Wave;
}

const TRADES = 24;
const riskTypes = ['PV', 'Delta'];
const desks = ['FXSpot', 'Rates', 'Credit'];
const regions = ['EMEA', 'AMER', 'APAC'];

/** Makes trades with known sums; the first has as many digits as a value may have. */
export function createTradeSource(name: string): TradeSource {
  const trades = new Map<string, SentTrade>();
  let waves = 0;
  let changes = 0;
  const makeWave = (isChanged: (index: number, wave: number) => boolean): Wave => {
    const wave = waves;
    waves += 1;
    const changed: string[] = [];
    const unchanged: string[] = [];
    for (let index = 0; index < TRADES; index += 1) {
      const id = `${name}-${index}`;
      const former = trades.get(id);
      if (former === undefined || isChanged(index, wave)) {
        trades.set(id, change(index, wave, former));
        changed.push(id);
      } else {
        unchanged.push(id);
      }
    }
    changes += changed.length;
    return messagesOf(wave, trades, { changed, unchanged });
  };
  return {
    trades,
    changes: () => changes,
    wave: () => makeWave((index, wave) => (index + wave) % 3 === 0),
    waveOfAll: () => makeWave(() => true),
  };
}

function change(index: number, wave: number, former: SentTrade | undefined): SentTrade {
  const version = (former?.version ?? -1) + 1;
  const largest = index === 0 ? 123_456_789_012_345_678_123_456_789_012n : 0n;
  // A trade is worth a power of ten times its version, so that a wrong sum names it.
  const units = largest + 10n ** BigInt(index) * BigInt(version + 1) * (index % 4 === 3 ? -1n : 1n);
  if (former !== undefined && (index + wave) % 6 !== 0) {
    return { version, units, dimensions: former.dimensions };
  }
  const dimensions = {
    RiskType: pick(riskTypes, index),
    TradeDesk: pick(desks, index + wave),
    Region: pick(regions, index + 2 * wave),
  };
  return { version, units, dimensions };
}

function messagesOf(
  wave: number,
  trades: ReadonlyMap<string, SentTrade>,
  { changed, unchanged }: { readonly changed: readonly string[]; readonly unchanged: readonly string[] },
): Wave {
  const message = (id: string, edit: (trade: SentTrade) => Partial<SentTrade> = () => ({})): string => {
    const trade = trades.get(id);
    if (trade === undefined) {
      throw new Error(`There is no trade ${id}`);
    }
    const { version, units, dimensions } = { ...trade, ...edit(trade) };
    return `{"TradeID":${JSON.stringify(id)},"Version":${version},"Value":"${formatUnits(units)}","Hierarchy":${JSON.stringify(dimensions)},"Timestamp":${1_763_884_800 + version}}`;
  };
  const repeated = [...changed.slice(0, 4), ...unchanged.slice(0, 2)];
  const stale = unchanged.filter((id) => (trades.get(id)?.version ?? 0) > 0).slice(0, 3);
  const conflicting = unchanged.slice(-2);
  const invalid = [`{"TradeID":"invalid ${wave}"`, `{"TradeID":"without a value ${wave}","Version":0}`];
  return {
    messages: [
      ...changed.map((id) => message(id)),
      ...repeated.map((id) => message(id)),
      ...stale.map((id) =>
        message(id, ({ version, units }) => ({ version: version - 1, units: units + 7n })),
      ),
      ...conflicting.map((id) => message(id, ({ units }) => ({ units: units + 1n + BigInt(wave) }))),
      ...invalid,
    ],
    expected: {
      Applied: changed.length,
      Duplicate: repeated.length,
      Stale: stale.length,
      Conflict: conflicting.length,
      Quarantined: invalid.length,
    },
  };
}

/**
 * The sums that the trades make.
 *
 * @param dimensionsOf - by which dimensions a trade is summed, from the root to the leaf
 * @returns sums by node that are not zero, in units of 10^-12
 */
export function sumsOf(
  trades: ReadonlyMap<string, SentTrade>,
  dimensionsOf: (id: string) => readonly string[],
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [id, { units, dimensions }] of trades) {
    const path = dimensionsOf(id).map((dimension) => dimensions[dimension]);
    for (let depth = 1; depth <= path.length; depth += 1) {
      const node = path.slice(0, depth).join(':');
      sums.set(node, (sums.get(node) ?? 0n) + units);
    }
  }
  return new Map([...sums].filter(([, units]) => units !== 0n));
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? '';
}
