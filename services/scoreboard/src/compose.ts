import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions, readEnvironment } from '@oncefold/function-kit';
import { describeArrear, describeFinding, scoreRound } from '@oncefold/workshop';
import { createAggregateReader, createVerdictStore } from '@oncefold/workshop/dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { roundNames } from './round-names.ts';

export interface Composition {
  readonly logger: Logger;
  /** Judges the rounds that an event names. */
  readonly score: (event: SQSEvent) => Promise<void>;
}

/** Findings in one log line. */
const LOGGED_MAX = 100;
/** Rows that are not there are looked at again for so long: less than the function's timeout, and what it takes before. */
const LOOK_AGAIN_MS = 20_000;

/** Reads the environment once and builds what the scoreboard needs. */
export function compose(variables: Readonly<Record<string, string | undefined>>): Composition {
  const environment = readEnvironment(variables);
  const roundLengthMs = environment.integer('ROUND_SECONDS', { min: 1, max: 3_600 }) * 1_000;
  const table = environment.text('AGGREGATE_TABLE');
  const tables = {
    workshop: environment.text('WORKSHOP_TABLE'),
    parameter: environment.text('PARAMETER_TABLE'),
  };
  const dynamodb = new DynamoDBClient(
    clientOptions({ attemptsMax: 3, requestTimeoutMs: 2_000, connectionsMax: 1 }),
  );
  const logger = new Logger();
  const ports = {
    rounds: createVerdictStore(dynamodb, tables),
    readAggregates: createAggregateReader(dynamodb, { table }),
    now: Date.now,
    pause: sleep,
  };
  return {
    logger,
    score: async (event) => {
      for (const name of roundNames(event)) {
        const { scored, outcome } = await scoreRound(name, ports, {
          roundLengthMs,
          lookAgainMs: LOOK_AGAIN_MS,
        });
        const { verdict, points, rows, findings, arrears } = scored;
        const why = [...findings.map(describeFinding), ...arrears.map(describeArrear)].slice(0, LOGGED_MAX);
        const line = { name, verdict, points, rows, outcome, wrongRows: findings.length, why };
        if (verdict === 'perfect') {
          logger.info('Round judged.', line);
        } else {
          logger.warn('Round judged.', line);
        }
      }
    },
  };
}
