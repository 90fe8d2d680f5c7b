import { formatContribution } from '@oncefold/reducer';
import { identityKey } from '@oncefold/request-token';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { contributionsOfRows, type RowsOptions } from './contributions-of-rows.ts';

const SOURCE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/ReduceTable/stream/2025-11-23T08:00:00.000';
const options: RowsOptions = {
  identifiesBy: 'id',
  countsRecount: true,
  quarantine: { namespace: 'test', consumer: 'reduce', table: 'QuarantineTable' },
};

const row = (message: string, { name = 'map#shard#7', event = 'e1' } = {}): DynamoDBRecord => ({
  eventID: event,
  eventName: 'INSERT',
  eventSourceARN: SOURCE,
  dynamodb: {
    Keys: { MessageId: { S: name } },
    NewImage: { MessageId: { S: name }, Message: { S: message } },
    StreamViewType: 'NEW_IMAGE',
  },
});

const textOf = (contribution: Parameters<typeof formatContribution>[0] | undefined): string =>
  formatContribution(contribution ?? new Map());

describe('contributionsOfRows', () => {
  it('adds what the row says, text and numbers alike, without losing a digit', () => {
    const [added] = contributionsOfRows(
      [row('{"PV":"0.1","PV:FXSpot":61502.370000000001,"message_count":"3"}')],
      options,
    );
    expect(textOf(added?.contribution)).toBe(
      '{"PV":"0.1","PV:FXSpot":"61502.370000000001","message_count":"3"}',
    );
    expect(added?.writes).toBeUndefined();
  });

  describe('that are handed in again', () => {
    const hourSeconds = 3_600;
    const beganAt = 1_800_000_000;
    const guard = { type: 'update', table: 'T', key: {}, add: { a: '1' } } as const;
    const redriven = (
      writtenAt: number | undefined,
      { running, repairs = [] }: Partial<NonNullable<RowsOptions['redrive']>>,
    ) => {
      const plain = row('{"PV":"1","PV:FXSpot":"2","message_count":"3"}');
      const dynamodb = { ...plain.dynamodb, ApproximateCreationDateTime: writtenAt };
      const record = writtenAt === undefined ? plain : { ...plain, dynamodb };
      const [added] = contributionsOfRows([record], { ...options, redrive: { running, repairs, guard } });
      return added;
    };
    const repair = { number: beganAt, from: beganAt, to: beganAt + 60 };

    it('leave out what a recount has made up for, and count as messages', () => {
      const before = beganAt - 2 * hourSeconds;
      expect(textOf(redriven(before, { repairs: [repair] })?.contribution)).toBe('{"message_count":"3"}');
      const path = { ...repair, path: 'PV:FXSpot' };
      const partly = redriven(before, { repairs: [path] });
      expect(textOf(partly?.contribution)).toBe('{"PV":"1","message_count":"3"}');
      expect(partly?.writes).toEqual([guard]);
    });

    it('are added whole when they were written since, or so shortly before that the recount waited for them', () => {
      for (const writtenAt of [beganAt - 60, beganAt + 30, beganAt + hourSeconds]) {
        expect(redriven(writtenAt, { repairs: [repair] })?.contribution.size).toBe(3);
        expect(redriven(writtenAt, { running: { number: beganAt } })?.contribution.size).toBe(3);
      }
    });

    it('are refused when nobody knows whether a recount makes up for them', () => {
      const before = beganAt - 2 * hourSeconds;
      expect(() => redriven(before, { running: { number: beganAt } })).toThrow('a recount runs');
      expect(() => redriven(before, { repairs: [{ ...repair, isPartial: true }] })).toThrow(
        'cannot be known',
      );
      expect(() => redriven(undefined, { repairs: [repair] })).toThrow('cannot be known');
    });
  });

  it('leaves out the repair of sums that are not its own', () => {
    const [added] = contributionsOfRows([row('{"PV":"1"}', { name: 'recount#7#1' })], {
      ...options,
      countsRecount: false,
    });
    expect(added).toEqual({ contribution: new Map() });
  });

  describe('with the sums of a recount', () => {
    const withRecount = (recount: string): DynamoDBRecord => {
      const plain = row('{"PV":"1"}');
      return {
        ...plain,
        dynamodb: {
          ...plain.dynamodb,
          NewImage: { ...plain.dynamodb?.NewImage, Recount: { S: recount } },
        },
      };
    };

    it('adds both, or only those of the nodes', () => {
      const record = withRecount('{":7:PV":"2",":7::wave 1":"1"}');
      const [both] = contributionsOfRows([record], options);
      expect(textOf(both?.contribution)).toBe('{"PV":"1",":7:PV":"2",":7::wave 1":"1"}');
      const [nodes] = contributionsOfRows([record], { ...options, countsRecount: false });
      expect(textOf(nodes?.contribution)).toBe('{"PV":"1"}');
    });

    it('quarantines nodes among them, and sums of a recount among the nodes', () => {
      for (const record of [withRecount('{"PV":"2"}'), row('{":7:PV":"2"}'), withRecount('oops')]) {
        const [added] = contributionsOfRows([record], options);
        expect(added?.contribution.size).toBe(0);
        expect(added?.writes).toHaveLength(1);
      }
      const tooMany = Object.fromEntries(Array.from({ length: 80 }, (_, key) => [`:7:${key}`, '1']));
      const [added] = contributionsOfRows([withRecount(JSON.stringify(tooMany))], options);
      expect(added?.writes).toMatchObject([{ attributes: { Reason: { S: 'too-many-keys' } } }]);
    });

    it('takes two rows of one name that differ in them for two', () => {
      const [first, second] = contributionsOfRows(
        [withRecount('{":7:PV":"2"}'), withRecount('{":7:PV":"3"}')],
        options,
      );
      expect(textOf(first?.contribution)).toBe(textOf(second?.contribution));
      expect(first?.preparatoryWrites).toHaveLength(1);
    });
  });

  it('adds nothing for a row that changes or is removed', () => {
    const removed = {
      ...row(''),
      eventName: 'REMOVE' as const,
      dynamodb: { StreamViewType: 'NEW_IMAGE' as const },
    };
    const modified = { ...row('{"PV":"1"}'), eventName: 'MODIFY' as const };
    for (const record of [removed, modified]) {
      expect(contributionsOfRows([record], options)).toEqual([{ contribution: new Map() }]);
    }
  });

  it('refuses a stream without new images', () => {
    const keysOnly = { ...row('{"PV":"1"}'), dynamodb: { StreamViewType: 'KEYS_ONLY' as const } };
    expect(() => contributionsOfRows([keysOnly], options)).toThrow(
      expect.objectContaining({ code: 'wrong-stream-view' }),
    );
  });

  it.each([
    ['text that is no JSON', 'oops', 'broken-json'],
    ['a list', '[1]', 'not-an-object'],
    ['a value that is no number', '{"PV":"much"}', 'not-a-number'],
    ['a sum that no genuine row can have', '{"PV":"10000000000000000000000"}', 'out-of-range'],
    ['such a negative sum', '{"PV":-1e22}', 'out-of-range'],
    [
      'a sum of 26 digits, two of which no aggregate could hold',
      `{"PV":"${'9'.repeat(26)}"}`,
      'out-of-range',
    ],
    ['a key that DynamoDB does not take', '{"":"1"}', 'empty-text'],
    ['a key that is too long', `{"${'é'.repeat(1025)}":"1"}`, 'too-long'],
    [
      'more keys than fit',
      JSON.stringify(Object.fromEntries(Array.from({ length: 81 }, (_, k) => [`k${k}`, '1']))),
      'too-many-keys',
    ],
  ])('quarantines %s and adds nothing', (_, message, reason) => {
    const [refused] = contributionsOfRows([row(message)], options);
    expect(refused?.contribution.size).toBe(0);
    expect(refused?.writes).toMatchObject([
      {
        key: {
          Source: { S: identityKey({ namespace: 'test', consumer: 'reduce', source: SOURCE, id: 'e1' }) },
        },
        attributes: { Reason: { S: reason }, Detail: { S: 'Message' } },
      },
    ]);
  });

  it.each([
    ['no message', {}, 'missing-field'],
    ['a message that is no text', { Message: { N: '7' } }, 'wrong-type'],
  ])('quarantines a row with %s', (_, attributes, reason) => {
    const MessageId = { S: 'foreign' };
    const record = { ...row(''), dynamodb: { Keys: { MessageId }, NewImage: { MessageId, ...attributes } } };
    expect(contributionsOfRows([record], options)[0]?.writes).toMatchObject([
      { attributes: { Reason: { S: reason } } },
    ]);
  });

  describe('where one batch has several new rows of one name', () => {
    const first = row('{"PV":"1"}');
    const same = row('{"PV":"1"}', { event: 'e2' });
    const other = row('{"PV":"2"}', { event: 'e3' });

    it('makes all of them add what the first one adds, and quarantines those with other sums', () => {
      const unrelated = row('{"PV":"4"}', { name: 'map#shard#8', event: 'e4' });
      const shared = contributionsOfRows([first, same, unrelated, other], options);
      expect(shared.map(({ contribution }) => textOf(contribution))).toEqual([
        '{"PV":"1"}',
        '{"PV":"1"}',
        '{"PV":"4"}',
        '{"PV":"1"}',
      ]);
      expect(new Set(shared.map(({ contribution }) => contribution)).size).toBe(4);
      expect(shared[0]?.preparatoryWrites).toMatchObject([
        {
          key: { Source: { S: identityKey({ ...options.quarantine, source: SOURCE, id: 'e3' }) } },
          attributes: { Reason: { S: 'name-used-twice' } },
        },
      ]);
      expect(shared[1]).toEqual(shared[0]);
      expect(shared[3]).toEqual(shared[0]);
      expect(shared[2]?.preparatoryWrites).toBeUndefined();
    });

    it('distinguishes them where the guard knows their positions', () => {
      const apart = contributionsOfRows([first, other], { ...options, identifiesBy: 'position' });
      expect(apart.map(({ contribution }) => textOf(contribution))).toEqual(['{"PV":"1"}', '{"PV":"2"}']);
    });
  });
});
