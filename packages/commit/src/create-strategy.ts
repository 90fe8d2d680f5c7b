import { randomUUID } from 'node:crypto';
import { StrategyError } from './errors.ts';
import { checkpoint } from './strategies/checkpoint.ts';
import { ledger } from './strategies/ledger.ts';
import { none } from './strategies/none.ts';
import { requestTokenStrategy } from './strategies/request-token.ts';
import { STRATEGY_CODES, type Strategy, type StrategyCode } from './strategy.ts';

/** What the strategies need, all of it; each takes its part. */
export interface StrategyOptions {
  readonly namespace: string;
  readonly consumer: string;
  readonly ledgerTable: string;
  readonly ledgerRetentionSeconds: number;
  readonly positionTable: string;
  readonly parallelizationFactor?: number;
}

/**
 * Makes the strategy that a setting names.
 *
 * @param code - one of {@link STRATEGY_CODES}, for example from an environment variable.
 * @throws {@link StrategyError} when there is no strategy of that name, or an option does not fit it.
 */
export function createStrategy(code: string, options: StrategyOptions): Strategy {
  if (!isStrategyCode(code))
    throw new StrategyError(`there is no such strategy; there are ${STRATEGY_CODES.join(', ')}`);
  switch (code) {
    case 'none':
      return none({ newName: randomUUID });
    case 'request-token':
      return requestTokenStrategy(options);
    case 'ledger':
      return ledger({
        ...options,
        table: options.ledgerTable,
        retentionSeconds: options.ledgerRetentionSeconds,
        now: Date.now,
      });
    case 'checkpoint':
      return checkpoint({ ...options, table: options.positionTable });
  }
}

function isStrategyCode(code: string): code is StrategyCode {
  return (STRATEGY_CODES as readonly string[]).includes(code);
}
