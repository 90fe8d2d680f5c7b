/**
 * Goal: the simulator finds what would lose, double or hide records in the pipeline.
 * Method: each defect is planted around the functions that are deployed, and seeds are run until one shows it.
 */
import type { FunctionEnvironment, Violation } from '@oncefold/simulator';
import type { AttributeValue, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  deployedDimensions,
  type PipelineParts,
  type PipelineStage,
  simulatePipeline,
} from '../src/index.ts';
import { firstViolations } from './support/first-violations.ts';

type ProcessBatch = ReturnType<NonNullable<PipelineParts['processBatch']>>;
type Image = Readonly<Record<string, AttributeValue>>;

interface Defect {
  readonly name: string;
  readonly stage: PipelineStage;
  /** Seeds within which it is found. */
  readonly seeds: number;
  readonly kinds: readonly Violation['kind'][];
  readonly parts: PipelineParts;
}

/** Oldest record that the planted state stage still takes, in seconds. */
const AGE_SECONDS_MAX = 60;

const defects: readonly Defect[] = [
  {
    name: 'a state stage that drops records older than a minute',
    stage: 'state',
    seeds: 100,
    kinds: ['lost', 'unaccounted'],
    parts: {
      stateEvent: (event, { clock }) => ({
        Records: event.Records.filter(
          ({ kinesis }) => clock.now() / 1000 - kinesis.approximateArrivalTimestamp < AGE_SECONDS_MAX,
        ),
      }),
    },
  },
  {
    name: 'an account that moves before the writes',
    stage: 'state',
    seeds: 100,
    kinds: ['unaccounted'],
    parts: { processBatch: accountBeforeWrites },
  },
  {
    name: 'a quarantine keyed by delivery',
    stage: 'state',
    seeds: 50,
    kinds: ['doubled'],
    parts: {
      statePorts: (ports, { newName }) => ({
        ...ports,
        quarantine: {
          ...ports.quarantine,
          put: (items, signal) => {
            const delivery = newName();
            const keyed = items.map((item) => ({
              ...item,
              key: { ...item.key, Source: { S: `${item.key.Source.S}#${delivery}` } },
            }));
            return ports.quarantine.put(keyed, signal);
          },
        },
      }),
    },
  },
  {
    name: 'a state stage that takes an unavailable write for written',
    stage: 'state',
    seeds: 50,
    kinds: ['lost'],
    parts: {
      statePorts: (ports) => ({
        ...ports,
        state: {
          ...ports.state,
          write: async (writes, signal) =>
            (await ports.state.write(writes, signal)).map((result) =>
              result.code === 'unavailable' ? { code: 'written' as const } : result,
            ),
        },
      }),
    },
  },
  {
    name: 'a state stage that does not keep the bytes of a conflict',
    stage: 'state',
    seeds: 50,
    kinds: ['lost'],
    parts: {
      statePorts: (ports) => ({
        ...ports,
        quarantine: {
          ...ports.quarantine,
          put: (items, signal) => {
            const kept = items.filter(({ attributes }) => !isConflict(attributes));
            return kept.length === items.length
              ? ports.quarantine.put(items, signal)
              : Promise.resolve(items.map(() => ({ code: 'written' })));
          },
        },
      }),
    },
  },
  {
    name: 'a map stage that returns on a throttled write',
    stage: 'map',
    seeds: 50,
    kinds: ['lost', 'doubled'],
    parts: {
      transactions: (transactions) => ({
        transact: async (request) => {
          const outcome = await transactions.transact(request);
          return outcome.code === 'throttled'
            ? { code: 'committed', replayed: false, units: { read: 0, write: 0 } }
            : outcome;
        },
      }),
    },
  },
  {
    name: 'dimensions changed without memory of what was added',
    stage: 'pipeline',
    seeds: 200,
    kinds: ['lost', 'doubled', 'wrong'],
    parts: { mapEvent: forgetDimensions },
  },
];

describe('simulatePipeline', () => {
  it.each(defects)('finds $name within $seeds seeds', async ({ stage, seeds, kinds, parts }) => {
    const found = await firstViolations(simulatePipeline(stage, { parts }), { from: 0, count: seeds });
    expect(found).not.toEqual([]);
    expect(kinds).toContain(found[0]?.kind);
  });

  it.each([
    { stage: 'state', seeds: 150 },
    { stage: 'map', seeds: 300 },
    { stage: 'reduce', seeds: 300 },
    { stage: 'pipeline', seeds: 150 },
  ] as const)('finds nothing in $seeds seeds of $stage as it is', async ({ stage, seeds }) => {
    expect(await firstViolations(simulatePipeline(stage), { from: 0, count: seeds })).toEqual([]);
  });
});

function isConflict(attributes: object): boolean {
  return 'Reason' in attributes && JSON.stringify(attributes.Reason).includes('conflict');
}

/** Counts a batch as if all of it were written, and writes it then. */
function accountBeforeWrites(process: ProcessBatch): ProcessBatch {
  return async (event, remainingMs, ports, settings) => {
    const pretended: typeof ports = {
      ...ports,
      state: { ...ports.state, write: async (writes) => writes.map(() => ({ code: 'written' })) },
    };
    await process(event, remainingMs, pretended, settings);
    const uncounted: typeof ports = {
      ...ports,
      accounting: { advance: async () => ({ code: 'advanced' }) },
    };
    return process(event, remainingMs, uncounted, settings);
  };
}

/** Sums a trade by what is configured now, as if it did not record by what it was added. */
function forgetDimensions(event: DynamoDBStreamEvent, { version }: FunctionEnvironment): DynamoDBStreamEvent {
  const now = deployedDimensions[version % deployedDimensions.length];
  const relabel = (image: Image | undefined): Image | undefined =>
    image?.['Dimensions'] === undefined ? image : { ...image, Dimensions: { S: JSON.stringify(now) } };
  return {
    Records: event.Records.map((record) => {
      const { NewImage, OldImage, ...rest } = record.dynamodb ?? {};
      const images = { NewImage: relabel(NewImage), OldImage: relabel(OldImage) };
      const present = Object.fromEntries(Object.entries(images).filter(([, image]) => image !== undefined));
      return { ...record, dynamodb: { ...rest, ...present } };
    }),
  };
}
