import type { DynamoDBStreamEvent, KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import type { ComparableVersion, ItemVersion } from './item-form.ts';
import { createMemoryTable } from './memory/index.ts';
import type { WriteResult } from './upsert-in-order.ts';
import { type RefusedRecord, type UpsertOptions, type UpsertReport, upsertNewest } from './upsert-newest.ts';

const form = { key: { Id: 'S' }, version: { name: 'Version', type: 'N' }, attributes: ['Value'] } as const;
type Version = ItemVersion<typeof form>;

const version = (Id: string, number: number, value = 'x'): Version => ({
  key: { Id },
  version: number,
  attributes: { Value: { S: value } },
});
const unavailable = { code: 'unavailable', reason: 'ThrottlingError' } as const;
const context = { getRemainingTimeInMillis: () => 10_000 };
const queueEvent = (count: number) =>
  ({
    Records: Array.from({ length: count }, (_none, index) => ({ messageId: `m${index}`, body: 'secret' })),
  }) as SQSEvent;

/** Delivers versions as messages of a queue, and keeps what the hooks were told. */
function subject(more: Partial<UpsertOptions<Version, SQSEvent>> = {}) {
  const table = createMemoryTable(form);
  const refused: RefusedRecord<SQSEvent['Records'][number]>[] = [];
  const reports: UpsertReport[] = [];
  let next: readonly unknown[] = [];
  const handler = upsertNewest(
    {
      table,
      onRefused: async (record) => void refused.push(record),
      onUpserted: (report) => void reports.push(report),
      clock: createVirtualClock(),
      ...more,
    },
    (_event: SQSEvent) => next as Version[],
  );
  return {
    table,
    refused,
    reports,
    deliver: (...versions: readonly unknown[]) => {
      next = versions;
      return handler(queueEvent(versions.length), context);
    },
    decisions: () => reports.at(-1)?.decisions.map((decision) => Object.values(decision).join(' ')),
  };
}

/** A table that answers as told about the version with this value. */
function answering(value: string, ...results: WriteResult<ComparableVersion>[]) {
  const table = createMemoryTable(form);
  let calls = 0;
  return {
    ...table,
    write: async (...[writes, signal]: Parameters<typeof table.write>) => {
      const answers = writes.map(async (write): Promise<WriteResult<ComparableVersion>> => {
        const isAsked = write.version.set['Value']?.S === value;
        const told = isAsked ? results[Math.min(calls++, results.length - 1)] : undefined;
        return told ?? (await table.write([write], signal))[0] ?? unavailable;
      });
      return Promise.all(answers);
    },
  };
}

describe('upsertNewest', () => {
  it('gives each record one outcome, and counts them', async () => {
    const { deliver, decisions, reports, refused } = subject();
    const answer = await deliver(
      version('a', 1),
      version('a', 1),
      version('a', 0),
      version('a', 1, 'y'),
      version('a', 2, 'z'),
      { invalid: 'broken' },
      version('', 1),
      version('b', 1),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(decisions()).toEqual([
      'applied',
      'duplicate',
      'stale',
      'conflict version-conflict',
      'applied',
      'quarantined broken',
      'quarantined invalid-key',
      'applied',
    ]);
    expect(reports[0]?.counts).toEqual({
      applied: 3,
      duplicate: 1,
      stale: 1,
      conflict: 1,
      quarantined: 2,
      failed: 0,
    });
    expect(refused.map(({ record, index, reason }) => [record.messageId, index, reason])).toEqual([
      ['m3', 3, 'version-conflict'],
      ['m5', 5, 'broken'],
      ['m6', 6, 'invalid-key'],
    ]);
  });

  it('takes what it has written for a duplicate when it is delivered again', async () => {
    const { deliver, decisions } = subject();
    await deliver(version('a', 1), version('b', 1));
    await deliver(version('b', 1), version('a', 1));
    expect(decisions()).toEqual(['duplicate', 'duplicate']);
  });

  it('hands a conflict over before a later version of its item is decided', async () => {
    const standing: unknown[] = [];
    const { table, deliver } = subject({
      onRefused: () => void standing.push(table.items()[0]?.['Version']),
    });
    await deliver(version('a', 1), version('a', 1, 'y'), version('a', 2));
    expect(standing).toEqual([{ N: '1' }]);
    expect(table.items()[0]).toMatchObject({ Version: { N: '2' } });
  });

  it('fails a conflict that cannot be handed over, and all later versions of its item, and nothing else', async () => {
    const { table, deliver, decisions } = subject({
      reportBatchItemFailures: true,
      onRefused: () => Promise.reject(new Error('quarantine is down')),
    });
    const answer = await deliver(version('a', 1), version('a', 1, 'y'), version('b', 1), version('a', 2));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }]);
    expect(decisions()).toEqual(['applied', 'failed hand-over-failed', 'applied', 'failed hand-over-failed']);
    expect(table.items()[0]).toMatchObject({ Version: { N: '1' } });
  });

  it("fails what is refused where the team chose 'fail'", async () => {
    const { deliver, decisions } = subject({ reportBatchItemFailures: true, onRefused: 'fail' });
    await deliver(version('a', 1), version('a', 1, 'y'), { invalid: 'broken' });
    expect(decisions()).toEqual(['applied', 'failed version-conflict', 'failed broken']);
  });

  it('gives up a function that keeps no record within the time', async () => {
    const { deliver, decisions } = subject({
      reportBatchItemFailures: true,
      clock: { ...createVirtualClock(), abortAfter: () => AbortSignal.timeout(1) },
      onRefused: () => new Promise(() => {}),
    });
    await deliver({ invalid: 'broken' }, { invalid: 'other' });
    expect(decisions()).toEqual(['failed no-time-to-hand-over', 'failed no-time-to-hand-over']);
  });

  it('hands nothing over when the time is over before', async () => {
    const { deliver, decisions, refused } = subject({
      reportBatchItemFailures: true,
      clock: { ...createVirtualClock(), abortAfter: () => AbortSignal.abort() },
    });
    await deliver({ invalid: 'broken' });
    expect(decisions()).toEqual(['failed no-time-to-hand-over']);
    expect(refused).toEqual([]);
  });

  it('sends again what is unavailable, and fails it with its later versions when the time is over', async () => {
    const busy = subject({ table: answering('x', unavailable, unavailable, { code: 'written' }) });
    await busy.deliver(version('a', 1));
    expect(busy.decisions()).toEqual(['applied']);

    const down = subject({ table: answering('x', unavailable), reportBatchItemFailures: true });
    const answer = await down.deliver(version('a', 1), version('b', 1, 'y'), version('a', 2, 'z'));
    expect(down.decisions()).toEqual(['failed ThrottlingError', 'applied', 'failed ThrottlingError']);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }]);
  });

  it('hands over what its item cannot take, and goes on with the next version', async () => {
    const { deliver, decisions } = subject({
      table: answering('x', { code: 'exists' }, { code: 'unreadable' }, { code: 'unwritable' }),
    });
    await deliver(version('a', 1), version('a', 2), version('a', 3, 'y'));
    expect(decisions()).toEqual(['quarantined unreadable-item', 'quarantined unwritable-item', 'applied']);
  });

  it('fails the invocation where the mapping takes no partial responses, without content', async () => {
    const { deliver, reports } = subject({ onRefused: 'fail' });
    const failure = deliver(version('a', 1), version('a', 1, 'secret'));
    await expect(failure).rejects.toMatchObject({ code: 'upsert-failed', retryable: true });
    await expect(failure).rejects.toThrow('of 2 records failed 1 × version-conflict');
    await expect(failure).rejects.not.toThrow('secret');
    expect(reports[0]?.counts).toMatchObject({ applied: 1, failed: 1 });
  });

  it('fails all records, and writes nothing, where no time is left', async () => {
    const { table, deliver, decisions } = subject({ reserveMs: 10_000, reportBatchItemFailures: true });
    await deliver(version('a', 1));
    expect(decisions()).toEqual(['failed AbortError']);
    expect(table.items()).toEqual([]);
  });

  it('answers each source by the names of its records', async () => {
    const table = createMemoryTable(form);
    const options = { table, onRefused: 'fail', reportBatchItemFailures: true } as const;
    const names = async (event: unknown) => {
      const handler = upsertNewest(options, (one: SQSEvent | KinesisStreamEvent | DynamoDBStreamEvent) =>
        one.Records.map(() => ({ invalid: 'broken' })),
      );
      const { batchItemFailures } = await handler(event as SQSEvent, context);
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    };
    // User records of one Kinesis record have one sequence number.
    const kinesis = { kinesis: { sequenceNumber: '49' } };
    expect(await names({ Records: [kinesis, kinesis] })).toEqual(['49']);
    expect(await names({ Records: [{ dynamodb: { SequenceNumber: '7' } }] })).toEqual(['7']);
    expect(await names({ Records: [{ messageId: 'm', body: '' }] })).toEqual(['m']);
    await expect(names({ Records: [{ messageId: '' }] })).rejects.toThrow('Records[0] is no record');
    await expect(names({ Records: [null] })).rejects.toThrow('Records[0] is no record');
    await expect(names({ records: {} })).rejects.toThrow('not from Kinesis, DynamoDB Streams or SQS');
  });

  it('gives a tumbling window its state back', async () => {
    const handler = upsertNewest({ table: createMemoryTable(form), onRefused: 'fail' }, () => []);
    expect(await handler({ Records: [], window: {} }, context)).toEqual({ batchItemFailures: [], state: {} });
    expect(await handler({ Records: [], window: {}, state: { a: 1 } }, context)).toMatchObject({
      state: { a: 1 },
    });
  });

  it.each<[string, unknown]>([
    ['a list that is too short', []],
    ['nothing', undefined],
    ['no list', { length: 1 }],
  ])('refuses %s for a record, before it writes anything', async (_case, answer) => {
    const table = createMemoryTable(form);
    const handler = upsertNewest({ table, onRefused: 'fail' }, (_event: SQSEvent) => answer as Version[]);
    await expect(handler(queueEvent(1), context)).rejects.toThrow('one version per record');
  });

  it.each<[string, object, string]>([
    ['a misspelt one', { onRefuse: 'fail' }, 'there is no option onRefuse'],
    ['no table', { table: undefined }, 'the option table is missing'],
    ['the name of a table', { table: 'Orders' }, 'not a name'],
    ['no choice', { onRefused: undefined }, 'the option onRefused is missing'],
    ['another choice', { onRefused: 'drop' }, 'onRefused is a function'],
    ['a negative reserve', { reserveMs: -1 }, 'reserveMs'],
    ['no requests', { requestsMax: 0 }, 'requestsMax'],
    ['a report to text', { onUpserted: 'log' }, 'onUpserted is a function'],
  ])('refuses its options at creation with %s', (_case, more, message) => {
    expect(() => subject(more)).toThrow(message);
  });

  it('refuses what is no function at creation', () => {
    const options = { table: createMemoryTable(form), onRefused: 'fail' } as const;
    expect(() => upsertNewest(options, undefined as never)).toThrow('from event to versions');
  });
});
