import { StrategyError } from './errors.ts';
import { checkpoint } from './strategies/checkpoint.ts';
import { ledger } from './strategies/ledger.ts';
import { none } from './strategies/none.ts';
import { requestTokenStrategy } from './strategies/request-token.ts';
import type { Strategy } from './strategy.ts';

/** What the strategies need, all of it; each takes its part. */
export interface StrategyOptions {
  readonly namespace: string;
  readonly consumer: string;
  /** Markers of `ledger`, and the starts of shards under `checkpoint`. */
  readonly ledgerTable: string;
  readonly ledgerRetentionSeconds: number;
  readonly positionTable: string;
  /** That of the event source mapping; `checkpoint` refuses any but 1. */
  readonly parallelizationFactor: number;
  /** The source that release 0.1.0 may have worked on; see the strategies' own options. */
  readonly formerSource?: string | undefined;
  /** Whether `checkpoint` leaves range markers, for as long as the ledger keeps its own; see its option `ranges`. */
  readonly keepsRanges?: boolean | undefined;
}

/**
 * Makes the strategy that a setting names: `none`, `request-token`, `ledger` or `checkpoint`.
 *
 * `powertools` is made by `@oncefold/commit/powertools`, because it brings a library that the others do without.
 *
 * @param code - for example from an environment variable
 * @param options - what the strategies need; one takes its own part
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @throws {@link StrategyError} when there is no strategy of that name, or an option does not fit it
 */
export function createStrategy(code: string, options: StrategyOptions): Strategy {
  const { namespace, consumer, formerSource, ledgerTable, parallelizationFactor } = options;
  const names = { namespace, consumer };
  switch (code) {
    case 'none':
      return none();
    case 'request-token':
      return requestTokenStrategy(names);
    case 'ledger':
      return ledger({
        ...names,
        formerSource,
        table: ledgerTable,
        retentionSeconds: options.ledgerRetentionSeconds,
      });
    case 'checkpoint':
      return checkpoint({
        ...names,
        formerSource,
        parallelizationFactor,
        table: options.positionTable,
        startsTable: ledgerTable,
        ranges: options.keepsRanges ? { retentionSeconds: options.ledgerRetentionSeconds } : undefined,
      });
    default:
      throw new StrategyError(
        'there is no such strategy; there are none, request-token, ledger and checkpoint',
      );
  }
}
