import { identityKey } from '@oncefold/request-token';

/**
 * Refuses names that no identity can be made of, when the strategy is made and not at the first batch.
 *
 * @throws {@link RequestTokenError} naming the option
 */
export function assertNames({ namespace, consumer }: { namespace: string; consumer: string }): void {
  identityKey({ namespace, consumer, source: 'any', id: 'any' });
}
