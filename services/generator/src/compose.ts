import { Logger } from '@aws-lambda-powertools/logger';
import { createFunctionDynamoDb, readEnvironment } from '@oncefold/function-kit';
import { createAggregateReader, createRoundOpener } from '@oncefold/workshop/dynamodb';
import { type PlayedRound, playRound, seedOf, sendMessages } from '@oncefold/workshop/generator';
import type { Context } from 'aws-lambda';
import { createKinesis } from './create-kinesis.ts';
import { roundName } from './round-name.ts';

/** The function, put together. */
export interface Composition {
  readonly logger: Logger;
  /** Plays the round that an invocation asks for. */
  readonly play: (event: unknown, context: Context) => Promise<PlayedRound>;
}

/** Time that is left for the answer when sending is given up, in milliseconds. */
const MARGIN_MS = 2_000;

/**
 * Puts the function together, once per sandbox.
 *
 * @param variables - usually `process.env`
 * @throws {@link EnvironmentError} when a variable is missing or wrong; the message names it
 */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const stream = environment.text('STREAM');
  const messages = environment.integer('MESSAGES_PER_ROUND', { min: 40, max: 100_000 });
  const dimensions = environment.text('HIERARCHY_DIMENSIONS').split(',');
  const table = environment.text('AGGREGATE_TABLE');
  const dynamodb = createFunctionDynamoDb({ attemptsMax: 3, requestTimeoutMs: 5_000, connectionsMax: 1 });
  const kinesis = createKinesis();
  const logger = new Logger({ serviceName: 'generator' });
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
