import type { StrategyCode } from '@oncefold/commit';
import { startDynamoDb } from '@oncefold/engines';
import { createWorkload } from '@oncefold/workshop';
import { inBatches } from '../cut/in-batches.ts';
import type { Figure } from '../figure.ts';
import { type DrivenStages, type StageUnits, startDrivenStages } from '../pipeline/driven-stages.ts';

/** Write units that a batch of messages takes, by stage. */
export type UnitsByStage = Readonly<Record<keyof StageUnits, number>>;

/** The bill of one batch size under one guard. */
export interface WriteUnitBill {
  /** Guard of map and of reduce. */
  readonly strategies: string;
  readonly messages: number;
  readonly changes: number;
  /** Items of AggregateTable that the batch adds to. */
  readonly sums: number;
  readonly units: UnitsByStage;
  /** What the public lab's design takes for the same batch. */
  readonly lab: UnitsByStage;
}

export interface WriteUnitDetails {
  readonly bills: readonly WriteUnitBill[];
  /** Largest item of each table after the run with the default guards, bytes. */
  readonly largestItems: Readonly<Record<string, number>>;
}

const SEED = 14;
/** Records in a batch of the state stage, as in the template. */
const STATE_BATCH_SIZE = 500;
/** Makes the position of each guard exist, as it does in a pipeline that runs. */
const WARM_UP = 200;
const sizes = [1, 10, 100, 1_000];

const defaults = { map: 'checkpoint', reduce: 'ledger' } as const;
const guards: readonly { readonly map: StrategyCode; readonly reduce: StrategyCode }[] = [
  defaults,
  ...(['none', 'request-token', 'powertools', 'ledger', 'checkpoint'] as const).map((code) => ({
    map: code,
    reduce: code,
  })),
];

/**
 * What the pipeline writes, by DynamoDB's rules, for messages of the lab's load: exactly once is to cost a tenth more than the lab's
 * at least once, at most.
 */
export const writeUnits: Figure = {
  name: 'write-units',
  title: 'write units of all stages, 1,000 messages to a batch of map',
  reference: "the public lab's design: a write a message, a row a batch, a transaction of all sums",
  unit: 'units a message',
  goal: { of: 'ratio', max: 1.1 },
  async measure({ quick }) {
    const engine = await startDynamoDb();
    try {
      const bills: WriteUnitBill[] = [];
      let largestItems: WriteUnitDetails['largestItems'] = {};
      for (const guard of quick ? [defaults] : guards) {
        const stages = await startDrivenStages(engine.endpoint, guard);
        try {
          bills.push(...(await billsOf(stages, nameOf(guard))));
          largestItems = guard === defaults ? await stages.largestItems() : largestItems;
        } finally {
          await stages.stop();
        }
      }
      const main = bills.find(({ messages }) => messages === 1_000);
      if (main === undefined) {
        throw new Error('invariant: the batch of the figure was not run');
      }
      const details: WriteUnitDetails = { bills, largestItems };
      return {
        pairs: [{ subject: sumOf(main.units) / main.messages, reference: sumOf(main.lab) / main.messages }],
        details,
      };
    } finally {
      await engine.stop();
    }
  },
};

function nameOf({ map, reduce }: { readonly map: StrategyCode; readonly reduce: StrategyCode }): string {
  return map === reduce ? `\`${map}\`` : `\`${map}\`, \`${reduce}\``;
}

async function billsOf(stages: DrivenStages, strategies: string): Promise<readonly WriteUnitBill[]> {
  const messages = createWorkload({
    messages: WARM_UP + sizes.reduce((sum, size) => sum + size, 0),
    seed: SEED,
    startMilliseconds: Date.UTC(2026, 0),
  }).calls.flatMap((call) => call.messages.map(({ data }) => data));
  await stages.run(inBatches(messages.splice(0, WARM_UP), STATE_BATCH_SIZE));
  const bills: WriteUnitBill[] = [];
  // The largest first: what is left of a call of the load begins with a message that repeats none.
  for (const size of sizes.toReversed()) {
    const { units, changes, sums } = await stages.run(inBatches(messages.splice(0, size), STATE_BATCH_SIZE));
    bills.unshift({
      strategies,
      messages: size,
      changes,
      sums,
      units: { state: units.state.write, map: units.map.write, reduce: units.reduce.write },
      // One conditional write a message, charged whether its condition holds or not; one row of less than a kilobyte, put by itself,
      // which no guard makes several;
      // and one transaction of all sums, which counts twice.
      lab: { state: size, map: 1, reduce: 2 * sums },
    });
  }
  return bills;
}

/** Write units of all stages together. */
export function sumOf({ state, map, reduce }: UnitsByStage): number {
  return state + map + reduce;
}
