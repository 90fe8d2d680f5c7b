import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { aggregateOf } from '../test/support/aggregate.ts';
import { createMemoryPorts, type MemoryPorts, REMAINING_MS, settings } from '../test/support/memory-ports.ts';
import {
  accountKeyOf,
  kinesisEvent,
  kinesisRecord,
  messageOf,
  recordKeyOf,
  STREAM,
  sequenceNumberOf,
  shorterHierarchy,
  shorterMessageOf,
} from '../test/support/stream.ts';
import { type BatchPorts, type BatchSettings, processBatch } from './process-batch.ts';

const failureAt = (...indexes: number[]) =>
  indexes.map((index) => ({ itemIdentifier: sequenceNumberOf(index) }));
const unavailable = { code: 'unavailable', reason: 'ThrottlingError' } as const;

describe('processBatch', () => {
  it('gives every record one outcome and says what is new', async () => {
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
      records: 5,
      failed: {},
      counted: { applied: 1, duplicate: 1, stale: 1, conflict: 1, quarantined: 1 },
      quarantined: [
        { recordId: event.Records[3]?.eventID, reason: 'version-conflict', detail: 'Version' },
        { recordId: event.Records[4]?.eventID, reason: 'broken-json', detail: '' },
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
        ...ports.state,
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
    expect(ports.accounting.items.get(accountKeyOf(0))?.counts.applied).toBe(1);
    expect(ports.accounting.items.get(accountKeyOf(1))?.counts.applied).toBe(2);

    const again = { Records: event.Records.filter((_record, index) => ![0, 2, 5].includes(index)) };
    const second = await processBatch(again, REMAINING_MS, ports, settings);
    expect(second.response.batchItemFailures).toEqual([]);
    expect(ports.accounting.items.get(accountKeyOf(0))?.counts).toMatchObject({
      applied: 4,
      duplicate: 0,
      stale: 0,
    });
  });

  it('reports a record that could not be quarantined, so that the shard stops rather than lose it', async () => {
    const ports = createMemoryPorts();
    const blocked: BatchPorts = {
      ...ports,
      quarantine: { ...ports.quarantine, put: async (items) => items.map(() => unavailable) },
    };
    const event = kinesisEvent([messageOf({ id: 'a' }), '{', messageOf({ id: 'b' })]);
    const { response, failed } = await processBatch(event, REMAINING_MS, blocked, settings);
    expect(failed).toEqual({ ThrottlingError: 1 });
    expect(response.batchItemFailures).toEqual(failureAt(1));
    expect(ports.accounting.items.get(accountKeyOf(0))?.counts).toMatchObject({ applied: 1, quarantined: 0 });
  });

  it.each([
    ['cannot be compared', 'unreadable', 'unreadable-state'],
    ['has no room for it', 'unwritable', 'unwritable-state'],
  ] as const)('quarantines a version whose existing item %s', async (_case, code, reason) => {
    const ports = createMemoryPorts();
    const broken: BatchPorts = { ...ports, state: { ...ports.state, write: async () => [{ code }] } };
    const report = await processBatch(kinesisEvent([messageOf({})]), REMAINING_MS, broken, settings);
    expect(report.quarantined).toMatchObject([{ reason }]);
    expect(report.counted.quarantined).toBe(1);
  });

  it('counts the records of two streams that have equal shard ids and equal event ids', async () => {
    const ports = createMemoryPorts();
    const other = `${STREAM}2`;
    const take = (data: string, source: string) =>
      processBatch({ Records: [kinesisRecord(data, 1, 0, source)] }, REMAINING_MS, ports, settings);
    await take(messageOf({ id: 'a' }), STREAM);
    await take(messageOf({ id: 'a' }), other);
    await take('{', STREAM);
    await take('[', other);
    for (const source of [STREAM, other]) {
      const position = kinesisRecord('', 1).eventID;
      expect(ports.accounting.items.get(accountKeyOf(0, source))?.counts.quarantined).toBe(0);
      expect(ports.quarantine.items.has(`0#${recordKeyOf(position, source)}`)).toBe(true);
    }
    expect(ports.accounting.items.get(accountKeyOf(0, STREAM))?.counts.applied).toBe(1);
    expect(ports.accounting.items.get(accountKeyOf(0, other))?.counts.duplicate).toBe(1);
  });

  it('counts up to the user record that failed, and reports the sequence number of its aggregate once', async () => {
    const ports = createMemoryPorts();
    const throttled: BatchPorts = {
      ...ports,
      state: {
        ...ports.state,
        writesMax: 1,
        write: async (writes, signal) =>
          writes[0]?.trade.tradeId === 'hot' ? [unavailable] : ports.state.write(writes, signal),
      },
    };
    const aggregate = aggregateOf(
      messageOf({ id: 'a' }),
      messageOf({ id: 'hot' }),
      messageOf({ id: 'hot', version: 1 }),
      '{',
    );
    const event = kinesisEvent([aggregate, messageOf({ id: 'b' })]);
    const first = await processBatch(event, REMAINING_MS, throttled, settings);
    expect(first).toMatchObject({ records: 5, failed: { ThrottlingError: 2 }, counted: { applied: 1 } });
    expect(first.response.batchItemFailures).toEqual(failureAt(0));
    expect(ports.accounting.items.get(accountKeyOf(0))?.position.slice(-11)).toBe('.0000000000');

    const second = await processBatch(event, REMAINING_MS, ports, settings);
    expect(second.response.batchItemFailures).toEqual([]);
    expect(ports.accounting.items.get(accountKeyOf(0))?.counts).toEqual({
      applied: 4,
      duplicate: 0,
      stale: 0,
      conflict: 0,
      quarantined: 1,
    });
  });

  it('throws when the outcomes cannot be counted, although all is written', async () => {
    const ports = createMemoryPorts();
    const silent: BatchPorts = { ...ports, accounting: { advance: async () => unavailable } };
    const event = kinesisEvent([messageOf({})]);
    await expect(processBatch(event, REMAINING_MS, silent, settings)).rejects.toMatchObject({
      code: 'accounting-unavailable',
    });
    await processBatch(event, REMAINING_MS, ports, settings);
    expect(ports.accounting.items.get(accountKeyOf(0))?.counts).toMatchObject({ applied: 1, duplicate: 0 });
  });

  describe('when the dimensions change between two deliveries', () => {
    const shorter = { ...settings, hierarchy: shorterHierarchy };
    const countsOf = (ports: MemoryPorts) => ports.accounting.items.get(accountKeyOf(0))?.counts;
    /** Takes a batch that is written, but not counted. */
    const takeUncounted = (event: KinesisStreamEvent, ports: MemoryPorts, used: BatchSettings) =>
      expect(
        processBatch(
          event,
          REMAINING_MS,
          { ...ports, accounting: { advance: async () => unavailable } },
          used,
        ),
      ).rejects.toMatchObject({ code: 'accounting-unavailable' });

    it('counts a record as applied that was written before, although it is refused now, and quarantines nothing', async () => {
      const ports = createMemoryPorts();
      const event = kinesisEvent([
        shorterMessageOf({ id: 'kept' }),
        shorterMessageOf({ id: 'replaced' }),
        messageOf({ id: 'replaced', version: 1 }),
        aggregateOf(shorterMessageOf({ id: 'packed' }), shorterMessageOf({ id: 'packed', version: 1 })),
      ]);
      await takeUncounted(event, ports, shorter);
      const report = await processBatch(event, REMAINING_MS, ports, settings);
      expect(report).toMatchObject({ response: { batchItemFailures: [] }, quarantined: [] });
      expect(countsOf(ports)).toEqual({ applied: 5, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 });
      expect(ports.quarantine.items.size).toBe(0);
    });

    it('quarantines what was not written: a new record, and a repetition of one that was', async () => {
      const ports = createMemoryPorts();
      const texts = [shorterMessageOf({ id: 'a' }), shorterMessageOf({ id: 'a' })];
      await takeUncounted(kinesisEvent(texts), ports, shorter);
      const again = kinesisEvent([...texts, shorterMessageOf({ id: 'b' })]);
      const report = await processBatch(again, REMAINING_MS, ports, settings);
      expect(report.quarantined).toEqual(
        [1, 2].map((index) => ({
          recordId: again.Records[index]?.eventID,
          reason: 'missing-field',
          detail: 'Hierarchy.Region',
        })),
      );
      expect(countsOf(ports)).toMatchObject({ applied: 1, quarantined: 2 });
    });

    it('knows what release 0.1.0 wrote of the stream that it has read', async () => {
      const ports = createMemoryPorts();
      const event = kinesisEvent([shorterMessageOf({})]);
      await takeUncounted(event, ports, shorter);
      const [item] = ports.state.items.values();
      if (item === undefined) {
        throw new Error('There is no item.');
      }
      const recordId = event.Records[0]?.eventID ?? '';
      ports.state.items.set('trade', { ...item, recordId, history: [] });
      await processBatch(event, REMAINING_MS, ports, settings);
      expect(countsOf(ports)).toMatchObject({ applied: 1, quarantined: 0 });
    });

    it('applies a record that was quarantined and not counted, and leaves its quarantine item', async () => {
      const ports = createMemoryPorts();
      const event = kinesisEvent([shorterMessageOf({})]);
      await takeUncounted(event, ports, settings);
      await processBatch(event, REMAINING_MS, ports, shorter);
      expect(countsOf(ports)).toMatchObject({ applied: 1, quarantined: 0 });
      const key = recordKeyOf(event.Records[0]?.eventID ?? '');
      expect([...ports.quarantine.items.keys()]).toEqual([`0#${key}`]);
      expect(ports.state.items.get('trade')?.recordId).toBe(key);
    });

    it('reads the state table only for records that nothing but a dimension refuses, each trade once', async () => {
      const ports = createMemoryPorts();
      const asked: (readonly string[])[] = [];
      const watched: BatchPorts = {
        ...ports,
        state: {
          ...ports.state,
          find: async (tradeIds, signal) => {
            asked.push(tradeIds);
            return ports.state.find(tradeIds, signal);
          },
        },
      };
      const others = [messageOf({ id: 'valid' }), '{', shorterMessageOf({ id: 'bad', value: '"x"' })];
      await processBatch(kinesisEvent(others), REMAINING_MS, watched, settings);
      expect(asked).toEqual([]);
      const refused = [{ id: 'a' }, { id: 'a', version: 1 }, { id: 'b' }].map(shorterMessageOf);
      await processBatch(kinesisEvent(refused, 3), REMAINING_MS, watched, settings);
      expect(asked).toEqual([['a', 'b']]);
    });

    it('reports a record as failed of which it could not be found out whether it was written', async () => {
      const ports = createMemoryPorts();
      const blocked: BatchPorts = {
        ...ports,
        state: { ...ports.state, find: async (tradeIds) => tradeIds.map(() => unavailable) },
      };
      const event = kinesisEvent([messageOf({ id: 'a' }), shorterMessageOf({ id: 'b' })]);
      const { response } = await processBatch(event, REMAINING_MS, blocked, settings);
      expect(response.batchItemFailures).toEqual(failureAt(1));
      expect(countsOf(ports)).toMatchObject({ applied: 1, quarantined: 0 });
      expect(ports.quarantine.items.size).toBe(0);
    });
  });

  it('ends each phase early enough to leave time to the next', async () => {
    const state = {
      writesMax: 25,
      write: async (writes: readonly unknown[]) => writes.map(() => unavailable),
      keysMax: 100,
      find: async (tradeIds: readonly string[]) => tradeIds.map(() => unavailable),
    };
    const quarantine = {
      itemsMax: 25,
      keysMax: 100,
      put: async (items: readonly unknown[]) => items.map(() => unavailable),
      find: async (keys: readonly string[]) => keys.map(() => unavailable),
    };
    const event = kinesisEvent([messageOf({}), '{']);
    for (const [dead, endMs] of [
      [{ state }, 3_500],
      [{ quarantine }, 4_250],
      [{ state, quarantine }, 4_250],
    ] as const) {
      const ports = createMemoryPorts();
      const { response } = await processBatch(event, 5_000, { ...ports, ...dead }, settings);
      expect(response.batchItemFailures.length).toBe(Object.keys(dead).length);
      expect(ports.clock.waits.length).toBeGreaterThan(3);
      expect(ports.clock.now()).toBeLessThan(endMs);
    }
  });
});
