import { type TradeClaim, type WorkloadDimension, WorkloadError, type WorkloadMessage } from './workload.ts';

const FRACTION_DIGITS = 12;

/** An inclusive range of what the order of arrival decides. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What must hold after the last message, in whatever order the messages arrived. */
export interface Truth {
  /**
   * The sum of each node as canonical decimal text. A node that every trade has left is not among them and may be
   * zero; `message_count` is not either, because it depends on the order: it must equal what was applied.
   */
  readonly nodes: ReadonlyMap<string, string>;
  /** The newest version of each trade, by TradeID. */
  readonly trades: ReadonlyMap<string, TradeClaim>;
  /** All messages; always applied + duplicate + stale + conflict + quarantined for being invalid. */
  readonly sent: number;
  /** How many messages must be quarantined for being invalid, by reason. */
  readonly invalidByReason: ReadonlyMap<string, number>;
  /** How many messages must be quarantined for being invalid. */
  readonly invalid: number;
  /** How many state changes may be applied: each trade once, up to each of its versions once. */
  readonly applied: Bounds;
  /** How many messages may be conflicts: none, up to each that has the version of another payload. */
  readonly conflict: Bounds;
}

/**
 * Says what a load must add up to, from what the generator meant and with arithmetic of its own.
 *
 * Nothing is read back from the bytes and no code is shared with what is tested by it: to check the reducer's sums
 * against the reducer's sums would prove nothing about parsing and arithmetic. Only tests use the reducer, on the bytes.
 *
 * The sums do not depend on the order of arrival, because version 1 of a trade is claimed once at most, and version 0 a
 * second time, with another payload, only where the load has a version 1.
 *
 * @param messages - the messages that were sent, in any order; the truth is equal for each
 * @throws {@link WorkloadError} when two payloads claim the newest version of one trade, because then the order decides
 */
export function truthOf(
  messages: Iterable<WorkloadMessage>,
  dimensions: readonly WorkloadDimension[],
): Truth {
  let sent = 0;
  const invalidByReason = new Map<string, number>();
  const claims = new ClaimsByTrade();
  for (const message of messages) {
    sent += 1;
    if (message.kind === 'invalid') {
      invalidByReason.set(message.reason, (invalidByReason.get(message.reason) ?? 0) + 1);
    } else {
      claims.add(message.claim);
    }
  }
  const trades = claims.newest();
  return {
    nodes: sumNodes(trades.values(), dimensions.length),
    trades,
    sent,
    invalidByReason,
    invalid: [...invalidByReason.values()].reduce((sum, count) => sum + count, 0),
    applied: { least: trades.size, most: claims.versions },
    conflict: { least: 0, most: claims.contested },
  };
}

/** Collects which payloads claim which version of which trade. */
class ClaimsByTrade {
  /** How many different versions all trades have together. */
  versions = 0;
  readonly #trades = new Map<string, Map<number, ClaimedVersion>>();

  add(claim: TradeClaim): void {
    const versions = this.#trades.get(claim.tradeId) ?? new Map<number, ClaimedVersion>();
    this.#trades.set(claim.tradeId, versions);
    const claimed = versions.get(claim.version);
    if (claimed === undefined) {
      versions.set(claim.version, { claim, messages: 1, payloads: new Set([payloadOf(claim)]) });
      this.versions += 1;
    } else {
      claimed.messages += 1;
      claimed.payloads.add(payloadOf(claim));
    }
  }

  /** How many messages claim a version that has more than one payload; the one that is applied is none of them. */
  get contested(): number {
    let count = 0;
    for (const versions of this.#trades.values()) {
      for (const { messages, payloads } of versions.values()) {
        count += payloads.size > 1 ? messages - 1 : 0;
      }
    }
    return count;
  }

  newest(): Map<string, TradeClaim> {
    const trades = new Map<string, TradeClaim>();
    for (const [tradeId, versions] of this.#trades) {
      const newest = versions.get(Math.max(...versions.keys()));
      if (newest === undefined || newest.payloads.size !== 1) {
        throw new WorkloadError('undecided', 'Two payloads claim the newest version of one trade.');
      }
      trades.set(tradeId, newest.claim);
    }
    return trades;
  }
}

interface ClaimedVersion {
  readonly claim: TradeClaim;
  messages: number;
  readonly payloads: Set<string>;
}

function payloadOf({ units, path }: TradeClaim): string {
  return JSON.stringify([units.toString(), ...path]);
}

function sumNodes(claims: Iterable<TradeClaim>, levels: number): Map<string, string> {
  const sums = new Map<string, bigint>();
  for (const { path, units } of claims) {
    for (let level = 1; level <= levels; level += 1) {
      const node = path.slice(0, level).join(':');
      sums.set(node, (sums.get(node) ?? 0n) + units);
    }
  }
  return new Map([...sums].map(([node, units]) => [node, formatUnits(units)]));
}

function formatUnits(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(FRACTION_DIGITS + 1, '0');
  const integer = digits.slice(0, -FRACTION_DIGITS);
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  return sign + integer + (fraction === '' ? '' : `.${fraction}`);
}
