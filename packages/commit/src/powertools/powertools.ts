import { randomUUID } from 'node:crypto';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { requestToken } from '@oncefold/request-token';
import { assertKnownOptions } from '../assert-known-options.ts';
import { CommitUndecidedError } from '../errors.ts';
import { type Names, resolveNames } from '../resolve-names.ts';
import type { CommitRecord, DecidedOutcome, Strategy } from '../strategy.ts';

/** The library reads nothing of it but the remaining time. */
type LambdaContext = Parameters<IdempotencyConfig['registerLambdaContext']>[0];

/**
 * Guards a group with Powertools Idempotency around its commit, the way its documentation advises.
 *
 * The function wrapper is used, because the Middy form has defects that the wrapper has not; the Lambda context is registered,
 * so that a lock ends with its invocation; the key is made from the identities of the records. The record is written around the
 * commit and not with it: a crash between the commit and "COMPLETED" applies the group again, and so does another grouping of the records.
 *
 * As with the SDK's own retries, all attempts of one send share a token, so that a lost reply alone counts once.
 *
 * @param options.namespace - separates stacks that share an account and a Region; by default the Lambda function's name
 * @param options.consumer - the name under which this function consumes its stream or queue; by default the Lambda function's name
 * @param options.store - usually a `DynamoDBPersistenceLayer`
 * @param options.expiresAfterSeconds - how long a completed group is remembered, in seconds
 * @param options.newToken - makes a ClientRequestToken that nobody has used; by default a random UUID
 * @returns the strategy, for {@link commitBatch} or `commitOnce`
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export function powertools(
  options: Names & {
    store: BasePersistenceLayer;
    expiresAfterSeconds: number;
    newToken?: () => string;
  },
): Strategy<'id'> {
  assertKnownOptions('powertools', options, {
    known: ['namespace', 'consumer', 'store', 'expiresAfterSeconds', 'newToken'],
    required: ['store', 'expiresAfterSeconds'],
  });
  const { newToken = randomUUID } = options;
  const { namespace, consumer } = resolveNames('powertools', options);
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'group',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: options.expiresAfterSeconds,
  });
  const nameOf = (source: string, group: readonly CommitRecord[]): string =>
    requestToken({
      namespace,
      consumer,
      source,
      recordIds: group.map((record) => record.id),
    });

  return {
    code: 'powertools',
    identifiesBy: 'id',
    guardSize: () => 0,
    open: ({ source }, { remainingMs }) => ({
      guard: (group) => ({ name: nameOf(source, group), actions: [], token: newToken() }),
      around: async (group, commit) => {
        config.registerLambdaContext({ getRemainingTimeInMillis: remainingMs } as LambdaContext);
        // Undefined as long as the wrapped function has not run: then the answer was remembered.
        let outcome: DecidedOutcome | undefined;
        const commitIdempotently = makeIdempotent(
          async (_payload: { group: string }) => {
            outcome = await commit();
            if (outcome.code !== 'committed') {
              throw new NotCommitted();
            }
            return { committed: true };
          },
          { persistenceStore: options.store, config, keyPrefix: consumer },
        );
        try {
          await commitIdempotently({ group: nameOf(source, group) });
        } catch (error) {
          if (error instanceof NotCommitted && outcome !== undefined) {
            return outcome;
          }
          if (error instanceof IdempotencyAlreadyInProgressError) {
            throw new CommitUndecidedError(
              'another invocation is processing this group, or died while it did',
              { attempts: 1, lastOutcome: 'in-progress', cause: error },
            );
          }
          throw error;
        }
        return outcome ?? { code: 'already-applied' };
      },
      // The row is named by exactly these records, so it is their commit.
      onRowExists: (group) => ({ fresh: [], applied: group }),
    }),
  };
}

/** Carries an outcome that is no success past the library, so that it does not remember it as one. */
class NotCommitted extends Error {}
