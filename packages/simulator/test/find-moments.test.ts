/** Goal: the page says rightly where and why a history goes wrong. Method: histories written down by hand, one for each way. */
import { describe, expect, it } from 'vitest';
import type { Violation } from '../src/index.ts';
import { findMoments, type Moment } from '../src/timeline/find-moments.ts';
import { traceHistory } from '../src/timeline/trace-history.ts';
import { buildHistory, type HistoryBuilder } from './support/history-builder.ts';

const MINUTE = 60_000;
const POSITION = 'v2#shop#totals#arn:aws:kinesis:us-east-1:123456789012:stream/Orders#shardId-000000000000';
const MARKER = 'v2#shop#totals#arn:aws:kinesis:us-east-1:123456789012:stream/Orders#shardId-000000000000:97';

function doubled(...records: string[]): Violation {
  return { kind: 'doubled', text: `${records.join()} counts more than once`, records, event: 0 };
}

function lost(builder: HistoryBuilder, record: string): Violation {
  return {
    kind: 'lost',
    text: `${record} does not count`,
    records: [record],
    event: builder.history.length - 1,
  };
}

function momentsOf({ history }: HistoryBuilder, ...violations: Violation[]): readonly Moment[] {
  return findMoments(traceHistory(history), violations);
}

function textOf(moment: Moment | undefined): string {
  return `${moment?.title}. ${moment?.explanation.join(' ')}`;
}

/** r1 is in the sums, by request 1. */
function countedOnce(options?: { token?: string }): HistoryBuilder {
  return buildHistory()
    .put('r0', '96')
    .put('r1', '97')
    .at(1_000)
    .invoke(1, 'totals-1', ['r1'])
    .send(1, 'totals-1', options)
    .at(1_010)
    .change('Aggregates', 'leaf-0', 'Value 10')
    .land(1);
}

describe('findMoments', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(momentsOf(countedOnce().reply(1).end(1, 'totals-1'))).toEqual([]);
  });

  it('explains a retry within an invocation, after a lost answer', () => {
    const builder = buildHistory()
      .put('r0', '96')
      .put('r1', '97')
      .at(1_000)
      .invoke(1, 'totals-1', ['r1'])
      .fault('reply-lost:0', 'request 1')
      .send(1, 'totals-1')
      .at(1_010)
      .change('Aggregates', 'leaf-0', 'Value 10')
      .land(1)
      .at(6_000)
      .reply(1, 'unavailable')
      .send(2, 'totals-1')
      .at(6_020)
      .change('Aggregates', 'leaf-0', 'Value 20')
      .land(2);
    const [moment, ...more] = momentsOf(builder, doubled('r1'));
    expect(more).toEqual([]);
    expect(moment).toMatchObject({ kind: 'doubled', records: ['r1'], event: builder.history.length - 1 });
    expect(textOf(moment)).toBe(
      'r1 counts twice. Request 1 of totals-1 added r1 to the sums: DynamoDB wrote it, but the answer was lost. The function could not know that it was written, and sent it again as request 2, which landed 5.01 s later. Nothing told DynamoDB that r1 was already in the sums: it counts twice.',
    );
  });

  it('explains another batch whose token is another one', () => {
    const builder = countedOnce({ token: 'one' })
      .end(1, 'totals-1', 'crashed')
      .at(2_000)
      .invoke(2, 'totals-2', ['r0', 'r1'])
      .send(2, 'totals-2', { token: 'two' })
      .at(2_010)
      .change('Aggregates', 'leaf-0', 'Value 21')
      .land(2);
    const text = textOf(momentsOf(builder, doubled('r1'))[0]);
    expect(text).toContain(
      'The sandbox died before it could say that it was done, so Lambda delivered r1 again',
    );
    expect(text).toContain('in another batch (r0 and r1 instead of r1)');
    expect(text).toContain('Other records together, another token');
  });

  it('explains the same records under another token', () => {
    const builder = countedOnce({ token: 'one' })
      .end(1, 'totals-1', 'crashed')
      .at(2_000)
      .invoke(2, 'totals-2', ['r1'])
      .send(2, 'totals-2', { token: 'two' })
      .at(2_010)
      .change('Aggregates', 'leaf-0', 'Value 20')
      .land(2);
    const text = textOf(momentsOf(builder, doubled('r1'))[0]);
    expect(text).toContain('made a request token of its own');
    expect(text).not.toContain('Other records');
  });

  it('explains a token that DynamoDB has forgotten', () => {
    const builder = countedOnce({ token: 'one' })
      .at(1_010 + 10 * MINUTE)
      .change('Aggregates', 'leaf-0', 'Value 20')
      .land(1);
    const text = textOf(momentsOf(builder, doubled('r1'))[0]);
    expect(text).toContain('the same request to DynamoDB a second time, 10 min later');
    expect(text).toContain('DynamoDB forgets a token 10 minutes after');
  });

  it('counts by how much a sum grows: ten times the same record is not the next record', () => {
    const builder = countedOnce();
    for (let times = 2; times <= 10; times += 1) {
      builder.change('Aggregates', 'leaf-0', `Value ${times * 10}`).land(1);
    }
    const moments = momentsOf(builder, { kind: 'wrong', text: 'leaf-0 is 100', records: [], event: 0 });
    expect(moments.map(({ title }) => title)).toEqual(['r1 counts 10 times']);
  });

  it('takes the sums of two functions for two', () => {
    const builder = countedOnce()
      .invoke(2, 'other-1', ['r1'])
      .send(2, 'other-1', { items: ['AggregatesOfOther/leaf-0'] })
      .change('AggregatesOfOther', 'leaf-0', 'Value 10')
      .land(2);
    expect(momentsOf(builder, doubled('r1')).map(({ explanation }) => explanation.length)).toEqual([2]);
  });

  it('finds a position that has passed a record without counting it', () => {
    const builder = buildHistory()
      .put('r0', '96')
      .put('r1', '97')
      .invoke(1, 'totals-1', ['r0', 'r1'])
      .send(1, 'totals-1', { items: ['Aggregates/leaf-0', `Positions/${POSITION}`] })
      .change('Aggregates', 'leaf-0', 'Value 1')
      .change('Positions', POSITION, `SequenceNumber ${'97'.padStart(129, '0')}.0000000000`)
      .land(1);
    const moment = builder.history.length - 1;
    builder.reply(1).end(1, 'totals-1').checkpoint('97').event({ type: 'ended', stuck: [] });
    const [found] = momentsOf(builder, lost(builder, 'r1'));
    expect(found?.event).toBe(moment);
    expect(textOf(found)).toBe(
      'r1 is lost. Request 1 of totals-1 set the position of shard 0 to 97, which is that of r1, and added nothing of r1 to the sums. From then on every delivery of r1 is taken for one that has been counted: it is in no sum, and never will be.',
    );
  });

  it('finds a marker of a record that is in no sum', () => {
    const builder = buildHistory()
      .put('r1', '97')
      .invoke(1, 'totals-1', ['r1'])
      .send(1, 'totals-1', { items: [`Ledger/${MARKER}`] })
      .change('Ledger', MARKER, 'ExpiresAt 1767398402')
      .land(1)
      .event({ type: 'ended', stuck: [] });
    expect(textOf(momentsOf(builder, lost(builder, 'r1'))[0])).toContain('marked r1 as counted');
  });

  it('finds a marker of another function that shares the guard', () => {
    const builder = buildHistory()
      .put('r1', '97')
      .invoke(1, 'totals-1', ['r1'])
      .send(1, 'totals-1', { items: ['Aggregates/leaf-0', `Ledger/${MARKER}`] })
      .change('Aggregates', 'leaf-0', 'Value 10')
      .change('Ledger', MARKER, 'ExpiresAt 1767398402')
      .land(1)
      .event({
        type: 'invocation-started',
        invocation: 2,
        function: 'other-totals',
        sandbox: 'other-totals-1',
        isCold: true,
        poller: 'poller-1 of Orders',
        shard: 'shardId-000000000000',
        records: ['r1'],
        attempt: 1,
        isRedelivery: false,
      })
      .send(2, 'other-totals-1', { items: ['AggregatesOfOther/leaf-0', `Ledger/${MARKER}`] })
      .land(2, 'condition-failed')
      .end(2, 'other-totals-1')
      .checkpoint('97')
      .event({ type: 'ended', stuck: [] });
    expect(textOf(momentsOf(builder, lost(builder, 'r1'))[0])).toContain(
      'The other function looks at the same item: request 2 of other-totals-1 was refused',
    );
  });

  it('finds a checkpoint behind a record that nobody has counted', () => {
    const builder = buildHistory()
      .put('r1', '97')
      .invoke(1, 'totals-1', ['r1'])
      .end(1, 'totals-1')
      .checkpoint('97');
    const moment = builder.history.length - 1;
    builder.checkpoint('98').event({ type: 'ended', stuck: [] });
    const [found] = momentsOf(builder, lost(builder, 'r1'));
    expect(found?.event).toBe(moment);
    expect(textOf(found)).toContain('reported success for a batch with r1');
  });

  it('finds records that the mapping has given up', () => {
    const builder = buildHistory()
      .put('r1', '97')
      .event({
        type: 'records-discarded',
        poller: 'poller-1 of Orders',
        condition: 'RetryAttemptsExhausted',
        records: ['r1'],
      })
      .event({ type: 'ended', stuck: [] });
    expect(textOf(momentsOf(builder, lost(builder, 'r1'))[0])).toContain(
      'gave r1 up (RetryAttemptsExhausted)',
    );
  });

  it('says of anything else what it means, once for each kind', () => {
    const builder = countedOnce();
    const torn: Violation = { kind: 'torn', text: 'all is 1, its leaves are 2', records: [], event: 3 };
    const [moment, ...more] = momentsOf(builder, torn, { ...torn, event: 4 });
    expect(more).toEqual([]);
    expect(moment?.event).toBe(3);
    expect(textOf(moment)).toContain('It happens 1 more time.');
  });
});
