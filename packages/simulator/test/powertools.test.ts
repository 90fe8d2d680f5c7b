/**
 * Goal: the simulator finds what the documentation of Powertools' idempotency leaves to its users: a group that is committed and
 * not noted as COMPLETED counts again, and so does another grouping. Method: the library itself over the simulated store, with
 * one kind of fault each.
 */
import { expect, it } from 'vitest';
import {
  commitStage,
  exhaustWorlds,
  type FaultKind,
  type History,
  runHistory,
  runSeeds,
} from '../src/index.ts';
import { powertoolsStage } from '../src/powertools/powertools-stage.ts';

async function findFirst(faults: readonly FaultKind[], count: number) {
  const stage = powertoolsStage();
  const { violating } = await runSeeds(commitStage(stage), {
    from: 0,
    count,
    faults,
    turn: stage.turn,
    onHistory: ({ violations }) => violations.length === 0,
  });
  return violating.flatMap(({ violations }) => violations.map(({ kind }) => kind));
}

it('finds powertools doubling within 60 seeds, if sandboxes only crash before COMPLETED is written', async () => {
  expect(await findFirst(['crash-before-request', 'crash-after-request'], 60)).toContain('doubled');
});

it('finds powertools doubling within 300 seeds, if batches are only cut anew', async () => {
  expect(await findFirst(['regrouped'], 300)).toContain('doubled');
});

it('finds nothing in powertools over 100 seeds, if batches are only redelivered as they were', async () => {
  expect(await findFirst(['redelivered'], 100)).toEqual([]);
});

it('finds powertools doubling in small worlds, without any fault: the records are cut anew', async () => {
  const report = await exhaustWorlds({ ...powertoolsStage(), part: { index: 5, count: 97 }, faultsMax: 0 });
  expect(report.wrong).toBeGreaterThan(0);
  expect(report.examples[0]?.violations).toMatchObject([{ kind: 'doubled' }]);
});

it('makes the same history of the same seed, and leaves the clock as it was', async () => {
  const realDate = globalThis.Date;
  const make = async (): Promise<History> => {
    const stage = powertoolsStage();
    const { turn } = stage;
    const { history } = await runHistory(commitStage(stage), { seed: 3 }, { turn, isDetailed: true });
    return history;
  };
  expect(JSON.stringify(await make())).toBe(JSON.stringify(await make()));
  expect(globalThis.Date).toBe(realDate);
});
