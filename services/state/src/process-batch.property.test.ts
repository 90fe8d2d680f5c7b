/**
 * Goal: how the stream is cut, what fails on the way and what is delivered again change neither the final table nor
 * the outcome of any record. Method: random streams of few trades, so that versions, duplicates and conflicts are
 * frequent, against a model of a few lines that takes one record after the other and knows no batches. Several shards and
 * processes are in `test/account.property.test.ts`.
 */
import { isSamePayload, type OutcomeCounts, parseTrade, type Trade } from '@oncefold/trades';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, faults, withFaults } from '../test/support/faulty-ports.ts';
import { createMemoryPorts, type MemoryPorts, REMAINING_MS, settings } from '../test/support/memory-ports.ts';
import {
  accountKeyOf,
  hierarchy,
  kinesisEvent,
  messageOf,
  recordKeyOf,
  sequenceNumberOf,
} from '../test/support/stream.ts';

import { type BatchPorts, processBatch } from './process-batch.ts';

const message = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        id: fc.constantFrom('a', "b'", '__proto__', 'd'),
        version: fc.integer({ min: 0, max: 3 }),
        value: fc.constantFrom('1', '1.0', '-2.5'),
        region: fc.constantFrom('EMEA', 'APAC'),
      })
      .map(messageOf),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '{', '{"TradeID":"a"}', messageOf({ value: '1e400' })) },
);
const stream = fc.array(message, { minLength: 1, maxLength: 40 });
/** Sizes of batches in turn, from the start again when they are used up. */
const cut = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });

describe('processBatch', () => {
  it('gives the outcomes and the table of record by record, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cut, async (messages, sizes) => {
        const ports = createMemoryPorts();
        await deliver(messages, sizes, ports);
        const model = handleOneByOne(messages);
        expect(tableOf(ports)).toEqual(model.table);
        expect(countsOf(ports)).toEqual(model.counts);
        expect(quarantinedKeys(ports)).toEqual(model.quarantined);
      }),
      { numRuns: 300 },
    );
  });

  it('changes and counts nothing when any part of the stream is delivered again', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cut, fc.nat(), fc.nat(), async (messages, sizes, a, b) => {
        const ports = createMemoryPorts();
        await deliver(messages, sizes, ports);
        const before = [tableOf(ports), countsOf(ports), quarantinedKeys(ports)];
        const start = a % messages.length;
        const end = start + 1 + (b % (messages.length - start));
        await processBatch(kinesisEvent(messages.slice(start, end), start), REMAINING_MS, ports, settings);
        expect([tableOf(ports), countsOf(ports), quarantinedKeys(ports)]).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the very outcomes of record by record after any crash, lost reply or refusal at any step', async () => {
    const plan = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.constantFrom(...faults)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(stream, cut, plan, async (messages, sizes, planned) => {
        const ports = createMemoryPorts();
        await deliver(messages, sizes, withFaults(ports, new Map<number, Fault>(planned)));
        const model = handleOneByOne(messages);
        expect(tableOf(ports)).toEqual(model.table);
        expect(countsOf(ports)).toEqual(model.counts);
        expect(quarantinedKeys(ports)).toEqual(model.quarantined);
      }),
      { numRuns: 500 },
    );
  });
});

/** Feeds one shard as an event source mapping does: again from the checkpoint after an error or a partial failure. */
async function deliver(
  messages: readonly string[],
  sizes: readonly number[],
  ports: BatchPorts,
): Promise<void> {
  let position = 0;
  for (let turn = 0; position < messages.length; turn++) {
    if (turn > 1_000) {
      throw new Error('The stream makes no progress.');
    }
    const size = sizes[turn % sizes.length] ?? 1;
    const batch = messages.slice(position, position + size);
    try {
      const { response } = await processBatch(kinesisEvent(batch, position), REMAINING_MS, ports, settings);
      const failed = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const first = batch.findIndex((_text, offset) => failed.includes(sequenceNumberOf(position + offset)));
      position += first === -1 ? batch.length : first;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Crash')) {
        throw error;
      }
    }
  }
}

/** The law, without batches, requests or retries. */
function handleOneByOne(messages: readonly string[]) {
  const table = new Map<string, { trade: Trade; index: number }>();
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  const invalid: number[] = [];
  const conflicts: number[] = [];
  for (const [index, text] of messages.entries()) {
    const parsed = parseTrade(text, hierarchy);
    if (parsed.code === 'invalid') {
      invalid.push(index);
      counts.quarantined += 1;
      continue;
    }
    const { trade } = parsed;
    const existing = table.get(trade.tradeId)?.trade;
    if (existing === undefined || existing.version < trade.version) {
      table.set(trade.tradeId, { trade, index });
      counts.applied += 1;
    } else if (existing.version > trade.version) {
      counts.stale += 1;
    } else if (isSamePayload(existing, trade)) {
      counts.duplicate += 1;
    } else {
      conflicts.push(index);
      counts.conflict += 1;
    }
  }
  return {
    table: [...table].map(([id, { trade, index }]) => [id, trade, keyOf(index)]).sort(byKey),
    counts,
    quarantined: [...invalid, ...conflicts].map(keyOf).sort(),
  };
}

function keyOf(index: number): string {
  return recordKeyOf(`shardId-000000000000:${sequenceNumberOf(index)}`);
}

function tableOf(ports: MemoryPorts) {
  return [...ports.state.items].map(([id, { trade, recordId }]) => [id, trade, recordId]).sort(byKey);
}

function byKey(a: unknown[], b: unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

function countsOf(ports: MemoryPorts): OutcomeCounts {
  const account = ports.accounting.items.get(accountKeyOf(0));
  return account?.counts ?? { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
}

function quarantinedKeys(ports: MemoryPorts): string[] {
  return [...new Set([...ports.quarantine.items.values()].map(({ key }) => key.Source.S))].sort();
}
