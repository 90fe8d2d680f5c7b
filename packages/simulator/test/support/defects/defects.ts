import { checkpoint, itemName, ledger, type Strategy } from '@oncefold/commit';
import {
  type CommitStageOptions,
  commitStrategies,
  type FaultKind,
  type StageParts,
} from '../../../src/index.ts';
import { staleCheckpoint } from './stale-checkpoint.ts';

/** A stage with one thing wrong in it. */
export interface Defect {
  readonly name: string;
  readonly stage: CommitStageOptions;
  /** Kinds of faults that it needs, if it is to be found by these alone; absent: all are drawn from. */
  readonly faults?: readonly FaultKind[];
  /** Within so many seeds from 0 it is found. */
  readonly seeds: number;
  /** What is wrong with the history that shows it. */
  readonly shows: 'lost' | 'doubled';
}

const DAYS = 86_400;

/** Defects of guards. */
const guards: readonly Defect[] = [
  {
    name: 'checkpoint that does not partition the rest of the batch anew after a failed condition',
    stage: {
      strategy: ({ namespace, consumer }) => staleCheckpoint({ namespace, consumer, table: 'Positions' }),
    },
    seeds: 1000,
    shows: 'doubled',
  },
  {
    name: 'positions without the name of their stream',
    stage: {
      strategy: (environment) => withSource(commitStrategies.checkpoint.strategy(environment), 'any'),
    },
    seeds: 30,
    shows: 'lost',
  },
  {
    name: 'positions without the namespace and the consumer',
    stage: {
      strategy: ({ parallelizationFactor }) =>
        checkpoint({
          namespace: 'any',
          consumer: 'any',
          parallelizationFactor,
          table: 'Positions',
          startsTable: 'Ledger',
        }),
    },
    seeds: 60,
    shows: 'lost',
  },
  {
    name: 'ledger markers that expire before a record is redelivered',
    stage: {
      knowsNames: true,
      strategy: ({ namespace, consumer, clock }) =>
        withoutTimes(
          ledger({ namespace, consumer, table: 'Ledger', retentionSeconds: 60, now: () => clock.now() }),
        ),
    },
    seeds: 150,
    shows: 'doubled',
  },
  {
    name: 'ledger markers without the namespace and the consumer',
    stage: {
      knowsNames: true,
      strategy: ({ clock }) =>
        ledger({
          namespace: 'any',
          consumer: 'any',
          table: 'Ledger',
          retentionSeconds: 3 * DAYS,
          now: () => clock.now(),
        }),
    },
    seeds: 60,
    shows: 'lost',
  },
  { name: 'none', stage: commitStrategies.none, seeds: 10, shows: 'doubled' },
  {
    name: 'none, and only replies are lost',
    stage: commitStrategies.none,
    faults: ['reply-lost'],
    seeds: 20,
    shows: 'doubled',
  },
  {
    name: 'request-token, and batches are only redelivered past the 10 minutes of a token',
    stage: commitStrategies['request-token'],
    faults: ['redelivered-late'],
    seeds: 30,
    shows: 'doubled',
  },
  {
    name: 'request-token, and batches are only cut anew',
    stage: commitStrategies['request-token'],
    faults: ['regrouped'],
    seeds: 150,
    shows: 'doubled',
  },
];

/** Defects of what is around a right guard. */
const wiring: readonly Defect[] = [
  {
    name: 'ledger with ids that the handler counts',
    stage: withParts('ledger', (parts) => {
      let records = 0;
      return {
        ...parts,
        recordId: () => {
          records += 1;
          return `record ${records}`;
        },
      };
    }),
    seeds: 10,
    shows: 'doubled',
  },
  {
    name: 'ledger with ids made from what records say',
    stage: withParts('ledger', (parts) => ({
      ...parts,
      recordId: (record) => `leaves ${parts.fold({ Records: [record] })[0]?.contribution.size}`,
    })),
    seeds: 20,
    shows: 'lost',
  },
  {
    name: 'middleware that answers in place of the handler at a warm start',
    stage: withParts('ledger', (parts) => ({
      ...parts,
      around: (handler) => {
        let invocations = 0;
        return (event, context) => {
          invocations += 1;
          return invocations % 3 === 0 ? { batchItemFailures: [] } : handler(event, context);
        };
      },
    })),
    seeds: 40,
    shows: 'lost',
  },
  {
    name: 'middleware that turns the error of a commit into a success',
    stage: withParts('checkpoint', (parts) => ({
      ...parts,
      around: (handler) => async (event, context) => {
        try {
          return await handler(event, context);
        } catch {
          return { batchItemFailures: [] };
        }
      },
    })),
    seeds: 150,
    shows: 'lost',
  },
  {
    name: 'two writes of records on one item merged into one',
    stage: withParts('ledger', (parts) => ({ ...parts, fold: (event) => mergeAway(parts.fold(event)) })),
    seeds: 150,
    shows: 'lost',
  },
];

/** Every planted defect, and how many seeds it takes at most. */
export const defects: readonly Defect[] = [...guards, ...wiring];

function withParts(
  name: 'ledger' | 'checkpoint',
  wrap: (parts: StageParts) => StageParts,
): CommitStageOptions {
  return { ...commitStrategies[name], wrap };
}

function withSource(strategy: Strategy, source: string): Strategy {
  return { ...strategy, open: (batch, invocation) => strategy.open({ ...batch, source }, invocation) };
}

/** A ledger refuses records that are older than its markers; this one does not see how old they are. */
function withoutTimes(strategy: Strategy): Strategy {
  return {
    ...strategy,
    open: (batch, invocation) => {
      const records = batch.records.map(({ time: _, ...record }) => record);
      const session = strategy.open({ ...batch, records }, invocation);
      return {
        ...session,
        guard: (group) => session.guard(group.map(({ time: _, ...record }) => record)),
      };
    },
  };
}

/** Keeps the last write on each item only, as a map by item does. */
function mergeAway(contributions: ReturnType<StageParts['fold']>): ReturnType<StageParts['fold']> {
  const last = new Map<string, unknown>();
  for (const write of contributions.flatMap(({ writes = [] }) => writes)) {
    last.set(itemName(write), write);
  }
  return contributions.map((each) => ({
    ...each,
    writes: (each.writes ?? []).filter((write) => last.get(itemName(write)) === write),
  }));
}
