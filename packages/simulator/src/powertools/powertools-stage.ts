import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { powertools } from '@oncefold/commit/powertools';
import type { CommitStageOptions } from '../commit-stage/commit-stage.ts';
import type { SimulatedClient } from '../network/simulated-client.ts';
import { createTurn, type Turn } from '../scheduler/turn.ts';
import { createVirtualDate } from './virtual-date.ts';

/** How long a completed group is remembered, in seconds: longer than a record can be late. */
const EXPIRES_AFTER_SECONDS = 3 * 86_400;
/** Sends that the SDK makes of one by default. */
const ATTEMPTS_MAX = 3;
const TABLE = 'Idempotency';

/**
 * A commit stage that is guarded by Powertools Idempotency itself, over its own persistence layer.
 *
 * The library asks `Date` for the time and cannot be given another clock. So `Date` is replaced while simulated code runs, in this
 * turn alone, and put back before anything else does. That holds for one history at a time: no two may share this turn at once.
 */
export function powertoolsStage(): CommitStageOptions & { readonly turn: Turn } {
  const turn = createTurn();
  let now = (): number => 0;
  const VirtualDate = createVirtualDate(() => now());
  return {
    name: 'powertools',
    parallelizationFactorMax: 4,
    tables: [{ name: TABLE, key: ['id'], timeToLive: 'expiration' }],
    strategy: ({ clock, namespace, consumer, createClient, newName }) => {
      // All sandboxes of a history have one time.
      now = () => clock.now();
      return powertools({
        namespace,
        consumer,
        store: new DynamoDBPersistenceLayer({
          tableName: TABLE,
          awsSdkV3Client: asSdkClient(createClient(ATTEMPTS_MAX)),
        }),
        expiresAfterSeconds: EXPIRES_AFTER_SECONDS,
        newToken: newName,
      });
    },
    turn: async () => {
      const { Date: realDate } = globalThis;
      globalThis.Date = VirtualDate;
      try {
        await turn();
      } finally {
        globalThis.Date = realDate;
      }
    },
  };
}

/** As much of a client as the library looks at, because making a real one takes longer than a history. */
function asSdkClient({ send }: SimulatedClient): DynamoDBClient {
  const middlewareStack = { identify: () => [], addRelativeTo: () => {} };
  return { send, config: {}, middlewareStack } as unknown as DynamoDBClient;
}
