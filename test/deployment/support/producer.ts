import { expect } from 'vitest';
import { addCounts, type Pipeline, total } from './pipeline.ts';
import { createTradeSource, type OutcomeCounts, sumsOf } from './trades.ts';

/** Sends trades to a pipeline, and knows what must become of them. */
export interface Producer {
  /** Sends a wave, and waits until each of its records has an outcome: waves must not overtake each other. */
  sendWave(options?: { readonly all: boolean }): Promise<void>;
  /** Sends waves as long as the work lasts, and at least one. */
  sendDuring(work: Promise<unknown>): Promise<void>;
  /** Waits for everything that was sent, and compares account, trades, sums and quarantine with what they must be. */
  expectExact(): Promise<void>;
  /** Compares trades and sums of any pipeline with what was sent here. */
  expectSame(pipeline: Pipeline): Promise<void>;
}

const WAVES_MAX = 500;

export function createProducer(name: string, pipeline: Pipeline): Producer {
  const source = createTradeSource(name);
  let expected: OutcomeCounts = { Applied: 0, Duplicate: 0, Stale: 0, Conflict: 0, Quarantined: 0 };
  const producer: Producer = {
    sendWave: async (options) => {
      const changesBefore = source.changes();
      const wave = options?.all === true ? source.waveOfAll() : source.wave();
      expected = addCounts(expected, wave.expected);
      await pipeline.send(wave.messages);
      await pipeline.untilAccounted(total(expected));
      // The sums may be one wave behind, so that every stage has work while the next one is sent.
      await pipeline.untilCounted(changesBefore);
    },
    sendDuring: async (work) => {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      // A failure is reported by the last line; until then it must not count as unhandled.
      done.catch(() => {});
      for (let wave = 0; wave < WAVES_MAX && (!isDone || wave === 0); wave += 1) {
        await producer.sendWave();
      }
      await done;
    },
    expectSame: async (other) => {
      const stored = await other.trades();
      const withoutSummedBy = [...stored].map(([id, { summedBy: _, ...trade }]) => [id, trade] as const);
      expect(new Map(withoutSummedBy)).toEqual(source.trades);
      const { nodes } = await other.sums();
      expect(nodes).toEqual(sumsOf(source.trades, (id) => stored.get(id)?.summedBy ?? []));
    },
    expectExact: async () => {
      await pipeline.untilAccounted(total(expected));
      await pipeline.untilCounted(source.changes());
      expect(await pipeline.account()).toEqual(expected);
      await producer.expectSame(pipeline);
      expect((await pipeline.sums()).messageCount).toBe(source.changes());
      const { 'version-conflict': conflicts = 0, ...invalid } = await pipeline.quarantine();
      expect({ conflicts, invalid: Object.values(invalid).reduce((sum, count) => sum + count, 0) }).toEqual({
        conflicts: expected.Conflict,
        invalid: expected.Quarantined,
      });
    },
  };
  return producer;
}
