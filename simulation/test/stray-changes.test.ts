/**
 * Goal: a rebuild that finds no difference, and a change that map gave up committed between its comparison and its end, leave sums exact.
 *
 * Method: the functions and the rebuild as they are, on a clock of the test; the history is written out, nothing is drawn.
 */
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { RecountGuard } from '@oncefold/function-kit';
import { recountTrades } from '@oncefold/operations/recount';
import { createDraw, type Draw } from '@oncefold/simulator';
import { describe, expect, it } from 'vitest';
import { simulatedPipeline } from '../src/recount-load.ts';
import { type DelayedParts, DelayedPipeline, HOUR_MS, MINUTE_MS } from './support/hours/delayed-pipeline.ts';

const GIVEN_UP = 0.12;

/** A and b change by +3 and -3, both are given up, and a is delivered again between comparison and repair. */
async function rebuildBeside(
  parts: DelayedParts,
): Promise<{ readonly repairs: readonly string[]; readonly sum: unknown }> {
  let givesUp = false;
  const draw: Draw = {
    ...createDraw(1),
    chance: (share: number) => (share === GIVEN_UP ? givesUp : share === 0.85),
    pick: <Value>(values: readonly [Value, ...Value[]] | readonly Value[]) => values[0] as Value,
    integer: () => 1,
  } as Draw;
  const pipeline = new DelayedPipeline(draw, parts);
  const write = async (id: string, version: number, value: string): Promise<void> => {
    const Item = {
      id: { S: id },
      Version: { N: String(version) },
      Value: { N: value },
      Hierarchy: { S: JSON.stringify({ RiskType: 'PV' }) },
      Timestamp: { N: '1' },
      Dimensions: { S: '["RiskType"]' },
    };
    await pipeline.client.send(new PutItemCommand({ TableName: 'StateTable', Item }));
    await pipeline.advance(MINUTE_MS);
  };
  const sum = () => pipeline.store.get('AggregateTable', { Identifier: { S: 'PV' } })?.['Value'];
  await write('a', 0, '5');
  await write('b', 0, '7');
  expect(sum()).toEqual({ N: '12' });
  givesUp = true;
  await write('a', 1, '8');
  await write('b', 1, '4');
  givesUp = false;
  const [ofA, ofB] = pipeline.failedBatches;
  if (ofA === undefined || ofB === undefined) {
    throw new Error('invariant: both were given up');
  }
  await pipeline.advance(HOUR_MS);
  let isDelivered = false;
  const send = async (command: object) => {
    if (command instanceof TransactWriteItemsCommand && !isDelivered) {
      isDelivered = true;
      // A poller has restarted far back; `Repairing` is set.
      await pipeline.deliverAgain(ofA);
    }
    return await pipeline.client.send(command as never);
  };
  const { repairs } = await recountTrades(
    {
      client: { send: send as unknown as typeof pipeline.client.send },
      clock: { now: () => pipeline.now(), random: () => 0.5, sleep: (ms) => pipeline.advance(ms) },
      pipeline: simulatedPipeline,
      owner: 'run',
      posts: () => [0],
    },
    'repair',
  );
  await pipeline.advance(HOUR_MS);
  await pipeline.redrive(ofB);
  await pipeline.advance(HOUR_MS);
  return { repairs, sum: sum() };
}

describe('a rebuild, when of two changes that cancel out one is delivered again meanwhile', () => {
  it('compares again, and repairs', async () => {
    expect(await rebuildBeside({})).toMatchObject({ repairs: { length: 1 }, sum: { N: '12' } });
  });

  it('would be wrong if map did not count it', async () => {
    const recountGuard = (guard: RecountGuard): RecountGuard => ({ ...guard, strayActions: () => [] });
    expect(await rebuildBeside({ map: { recountGuard } })).toMatchObject({
      repairs: { length: 0 },
      sum: { N: '15' },
    });
  });
});
