/**
 * Goal: the truth of a load is what the reducer comes to, and no order of arrival changes it.
 * Method: the generator's own claims, summed by `truthOf`, against the bytes, parsed and summed by the reducer; the
 * two share no code. Orders are shuffled by fast-check.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkload } from '../../src/load/create-workload.ts';
import { createDimensions } from '../../src/load/dimensions.ts';
import { truthOf } from '../../src/load/truth-of.ts';
import type { Workload, WorkloadOptions } from '../../src/load/workload.ts';
import { applyMessages } from './apply-messages.ts';

const load = fc.record({
  messages: fc.integer({ min: 40, max: 400 }),
  seed: fc.integer(),
  changePercent: fc.constantFrom(0, 3, 30, 90),
  messagesPerCall: fc.constantFrom(1, 8, 40, 500),
  invalid: fc.integer({ min: 0, max: 20 }),
  odd: fc.integer({ min: 0, max: 10 }),
});

function make(options: Omit<WorkloadOptions, 'startMilliseconds'>): Workload {
  return createWorkload({ startMilliseconds: 1_763_884_800_000, ...options });
}

function messagesOf(workload: Workload): Workload['calls'][number]['messages'] {
  return workload.calls.flatMap(({ messages }) => messages);
}

function checkAgainstTruth(workload: Workload, order: Workload['calls'][number]['messages']): void {
  const truth = truthOf(order, workload.dimensions);
  const result = applyMessages(order, workload);
  // A node that a trade has left is zero in the result; the truth does not know that it was there.
  const nodes = [...result.nodes].filter(([node, sum]) => truth.nodes.has(node) || sum !== '0');
  expect(new Map(nodes)).toEqual(truth.nodes);
  expect(result.reasons).toEqual(truth.invalidByReason);
  expect(result.counts.quarantined).toBe(truth.invalid);
  const { applied, duplicate, stale, conflict, quarantined } = result.counts;
  expect(applied + duplicate + stale + conflict + quarantined).toBe(truth.sent);
  expect(result.messageCount).toBe(applied);
  expect(applied).toBeGreaterThanOrEqual(truth.applied.least);
  expect(applied).toBeLessThanOrEqual(truth.applied.most);
  expect(conflict).toBeLessThanOrEqual(truth.conflict.most);
}

describe('truthOf', () => {
  it('is what the reducer comes to, for any load in the order in which it is sent', () => {
    fc.assert(
      fc.property(load, (options) => {
        const workload = make(options);
        checkAgainstTruth(workload, messagesOf(workload));
      }),
    );
  });

  it('does not depend on the order of arrival', () => {
    const shuffled = load.chain((options) => {
      const workload = make(options);
      const messages = [...messagesOf(workload)];
      const order = fc.shuffledSubarray(messages, { minLength: messages.length });
      return fc.record({ workload: fc.constant(workload), order });
    });
    fc.assert(
      fc.property(shuffled, ({ workload, order }) => {
        expect(truthOf(order, workload.dimensions)).toEqual({
          ...truthOf(messagesOf(workload), workload.dimensions),
          nodes: expect.any(Map),
          trades: expect.any(Map),
          invalidByReason: expect.any(Map),
        });
        expect(truthOf(order, workload.dimensions).nodes).toEqual(
          truthOf(messagesOf(workload), workload.dimensions).nodes,
        );
        checkAgainstTruth(workload, order);
      }),
    );
  });

  it('does not change when every message is redelivered', () => {
    fc.assert(
      fc.property(load, (options) => {
        const workload = make(options);
        const messages = messagesOf(workload);
        const again = applyMessages([...messages, ...messages], workload);
        expect(again.nodes).toEqual(applyMessages(messages, workload).nodes);
      }),
    );
  });

  it('holds over 5 levels and 1,000 leaves', () => {
    const workload = make({
      messages: 10_000,
      seed: 5,
      dimensions: createDimensions({ levels: 5, leaves: 1000 }),
    });
    const truth = truthOf(messagesOf(workload), workload.dimensions);
    // 5 + 25 + 125 + 500 + 1,000 nodes, and with this seed there is a trade on each leaf.
    expect(truth.nodes.size).toBe(1655);
    checkAgainstTruth(workload, messagesOf(workload));
  });

  it('holds for every kind of invalid, oversized and odd message', () => {
    const workload = make({ messages: 400, seed: 6, invalid: 100, oversized: 3, odd: 60 });
    checkAgainstTruth(workload, messagesOf(workload));
  });
});
