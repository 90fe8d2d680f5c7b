import { describe, expect, it } from 'vitest';
import { createMemoryPorts, REMAINING_MS, settings } from '../test/support/memory-ports.ts';
import { kinesisEvent, kinesisRecord, messageOf, sequenceNumberOf } from '../test/support/stream.ts';
import { type BatchPorts, processBatch } from './process-batch.ts';

const shard = (number: number) => `state#shardId-${String(number).padStart(12, '0')}`;
const failureAt = (...indexes: number[]) =>
  indexes.map((index) => ({ itemIdentifier: sequenceNumberOf(index) }));
const unavailable = { code: 'unavailable', reason: 'ThrottlingError' } as const;

describe('processBatch', () => {
  it('ends every record in one outcome and says what is new', async () => {
    const ports = createMemoryPorts();
    const event = kinesisEvent([
      messageOf({ version: 1 }),
      messageOf({ version: 1 }),
      messageOf({ version: 0 }),
      messageOf({ version: 1, value: '1' }),
      '{',
    ]);
    const report = await processBatch(event, REMAINING_MS, ports, settings);
    expect(report).toEqual({
      response: { batchItemFailures: [] },
      counted: { applied: 1, duplicate: 1, stale: 1, conflict: 1, quarantined: 1 },
      quarantined: [
        { recordId: event.Records[3]?.eventID, reason: 'version-conflict', field: 'Version' },
        { recordId: event.Records[4]?.eventID, reason: 'broken-json' },
      ],
    });
    expect(
      [...ports.quarantine.items.values()].map(({ attributes }) =>
        Buffer.from(attributes.Payload.B).toString(),
      ),
    ).toEqual([messageOf({ version: 1, value: '1' }), '{']);
  });

  it('reports what the table throttled, and counts only what comes before it, per shard', async () => {
    const ports = createMemoryPorts();
    const throttled: BatchPorts = {
      ...ports,
      state: {
        writesMax: 1,
        write: async (writes, signal) =>
          writes[0]?.trade.tradeId === 'hot' ? [unavailable] : ports.state.write(writes, signal),
      },
    };
    const event = {
      Records: [
        kinesisRecord(messageOf({ id: 'a' }), 1, 0),
        kinesisRecord(messageOf({ id: 'hot', version: 0 }), 2, 0),
        kinesisRecord(messageOf({ id: 'b' }), 3, 1),
        kinesisRecord(messageOf({ id: 'c' }), 4, 0),
        kinesisRecord(messageOf({ id: 'hot', version: 1 }), 5, 0),
        kinesisRecord(messageOf({ id: 'd' }), 6, 1),
      ],
    };
    const first = await processBatch(event, REMAINING_MS, throttled, settings);
    expect(first.response.batchItemFailures).toEqual(failureAt(2, 5));
    expect(ports.accounting.items.get(shard(0))?.counts.applied).toBe(1);
    expect(ports.accounting.items.get(shard(1))?.counts.applied).toBe(2);

    const again = { Records: event.Records.filter((_record, index) => ![0, 2, 5].includes(index)) };
    const second = await processBatch(again, REMAINING_MS, ports, settings);
    expect(second.response.batchItemFailures).toEqual([]);
    expect(ports.accounting.items.get(shard(0))?.counts).toMatchObject({
      applied: 4,
      duplicate: 0,
      stale: 0,
    });
  });

  it('reports a record that could not be quarantined, so that the shard stops rather than lose it', async () => {
    const ports = createMemoryPorts();
    const blocked: BatchPorts = {
      ...ports,
      quarantine: { itemsMax: 25, put: async (items) => items.map(() => unavailable) },
    };
    const event = kinesisEvent([messageOf({ id: 'a' }), '{', messageOf({ id: 'b' })]);
    const { response } = await processBatch(event, REMAINING_MS, blocked, settings);
    expect(response.batchItemFailures).toEqual(failureAt(1));
    expect(ports.accounting.items.get(shard(0))?.counts).toMatchObject({ applied: 1, quarantined: 0 });
  });

  it('quarantines a version whose standing item cannot be compared', async () => {
    const ports = createMemoryPorts();
    const broken: BatchPorts = {
      ...ports,
      state: { writesMax: 25, write: async () => [{ code: 'unreadable' }] },
    };
    const report = await processBatch(kinesisEvent([messageOf({})]), REMAINING_MS, broken, settings);
    expect(report.quarantined).toMatchObject([{ reason: 'unreadable-state' }]);
    expect(report.counted.quarantined).toBe(1);
  });

  it('throws when the outcomes cannot be counted, although all is written', async () => {
    const ports = createMemoryPorts();
    const silent: BatchPorts = { ...ports, accounting: { advance: async () => unavailable } };
    const event = kinesisEvent([messageOf({})]);
    await expect(processBatch(event, REMAINING_MS, silent, settings)).rejects.toMatchObject({
      code: 'accounting-unavailable',
    });
    await processBatch(event, REMAINING_MS, ports, settings);
    expect(ports.accounting.items.get(shard(0))?.counts).toMatchObject({ applied: 1, duplicate: 0 });
  });

  it('ends each phase early enough to leave time to the next', async () => {
    const state = {
      writesMax: 25,
      write: async (writes: readonly unknown[]) => writes.map(() => unavailable),
    };
    const quarantine = {
      itemsMax: 25,
      put: async (items: readonly unknown[]) => items.map(() => unavailable),
    };
    const event = kinesisEvent([messageOf({}), '{']);
    for (const [dead, end_ms] of [
      [{ state }, 3_500],
      [{ quarantine }, 4_250],
      [{ state, quarantine }, 4_250],
    ] as const) {
      const ports = createMemoryPorts();
      const { response } = await processBatch(event, 5_000, { ...ports, ...dead }, settings);
      expect(response.batchItemFailures.length).toBe(Object.keys(dead).length);
      expect(ports.clock.waits.length).toBeGreaterThan(3);
      expect(ports.clock.now_ms()).toBeLessThan(end_ms);
    }
  });
});
