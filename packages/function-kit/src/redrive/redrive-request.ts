import { StrategyError } from '@oncefold/commit';
import type { StreamEvent } from '@oncefold/middleware';

/** What an invocation asks for that hands a given-up batch in again. */
export interface RedriveRequest {
  readonly shardId: string;
}

/**
 * Reads the field `redrive` of an event: `{ "version": 1, "shardId": "…" }`.
 *
 * No event of an event source mapping has a field of that name: Lambda makes them, and what producers write is within `Records`.
 *
 * @returns undefined for an event of a mapping
 * @throws {@link StrategyError} when the field is there and says anything else: such an event must not be taken for one of a mapping
 */
export function readRedriveRequest(event: StreamEvent): RedriveRequest | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'redrive')) {
    return undefined;
  }
  const { redrive } = event as { readonly redrive?: unknown };
  if (typeof redrive !== 'object' || redrive === null) {
    throw new StrategyError('redrive: the field of the event must be an object with version and shardId');
  }
  const { version, shardId, ...others } = redrive as Record<string, unknown>;
  if (version !== 1 || typeof shardId !== 'string' || shardId === '' || Object.keys(others).length > 0) {
    throw new StrategyError('redrive: the field of the event must be { "version": 1, "shardId": "…" }');
  }
  return { shardId };
}
