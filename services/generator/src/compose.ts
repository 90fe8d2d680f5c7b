import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { clientOptions, readEnvironment } from '@oncefold/function-kit';
import { createAggregateReader, createRoundOpener } from '@oncefold/workshop/dynamodb';
import { type PlayedRound, playRound, seedOf, sendMessages } from '@oncefold/workshop/generator';
import type { Context } from 'aws-lambda';
import { roundName } from './round-name.ts';

export interface Composition {
  readonly logger: Logger;
  /** Plays the round that an invocation asks for. */
  readonly play: (event: unknown, context: Context) => Promise<PlayedRound>;
}

/** Time that is left for the answer when sending is given up. */
const MARGIN_MS = 2_000;

const REQUEST_TIMEOUT_MS = 5_000;
/** A call to Kinesis that got no answer may have been taken; its duplicates are dropped by their version. */
const ATTEMPTS_MAX = 3;
/** Calls to Kinesis in flight at once. */
const KINESIS_CONNECTIONS_MAX = 4;

/** Reads the environment once and builds what the generator needs. */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const stream = environment.text('STREAM');
  const messages = environment.integer('MESSAGES_PER_ROUND', { min: 40, max: 100_000 });
  const dimensions = environment.text('HIERARCHY_DIMENSIONS').split(',');
  const table = environment.text('AGGREGATE_TABLE');
  const limits = { attemptsMax: ATTEMPTS_MAX, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const dynamodb = new DynamoDBClient(clientOptions({ ...limits, connectionsMax: 1 }));
  const kinesis = new KinesisClient(clientOptions({ ...limits, connectionsMax: KINESIS_CONNECTIONS_MAX }));
  const logger = new Logger();
  const rounds = createRoundOpener(dynamodb, environment.text('WORKSHOP_TABLE'));
  return {
    logger,
    play: async (event, context) => {
      const name = roundName(event, context.awsRequestId);
      const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - MARGIN_MS));
      const played = await playRound(
        { name, seed: seedOf(name), messages, dimensions },
        {
          rounds,
          readAggregates: createAggregateReader(dynamodb, { table, signal }),
          send: (calls) => sendMessages({ client: kinesis, stream, calls, onSent: () => undefined, signal }),
          now: Date.now,
        },
      );
      logger.info('Round sent.', { ...played });
      return played;
    },
  };
}
