import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  listed,
  readFailed,
  type SteppedMapping,
  start,
  timePassed,
} from '../test/step-mapping.ts';
import type { DynamoDbSourceRecord, KinesisSourceRecord, MappingCommand, MappingSettings } from './types.ts';

const source = {
  kind: 'dynamodb',
  arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/1',
  region: 'us-east-1',
} as const;

function change(number: number, eventName: string, id: string): DynamoDbSourceRecord {
  const Keys = { Id: { S: id } };
  const dynamodb = { ApproximateCreationDateTime: 1_735_689_600, SequenceNumber: String(number), Keys };
  return { eventID: `event-${number}`, eventName, dynamodb };
}

/** A mapping of a table's stream that reads shard `a` with read 1. */
function reading(settings: Partial<MappingSettings>): SteppedMapping {
  const stepped = createSteppedMapping({ source, ...settings });
  stepped.step(0, start);
  stepped.step(0, listed('a'));
  return stepped;
}

function answer(
  { step }: SteppedMapping,
  readId: number,
  records: readonly (DynamoDbSourceRecord | KinesisSourceRecord)[],
): MappingCommand[] {
  return step(1_100, {
    type: 'records-read',
    shardId: 'a',
    readId,
    records,
    isEndOfShard: false,
    millisBehindLatest: 0,
  });
}

/** The ids of the records of each invocation, by lane. */
function invocations(commands: readonly MappingCommand[]): (readonly [lane: number, ids: string[]])[] {
  return commands.flatMap((command) => {
    if (command.type !== 'invoke') {
      return [];
    }
    const { Records } = JSON.parse(command.payload) as { Records: { eventID: string }[] };
    return [[command.lane, Records.map(({ eventID }) => eventID)] as const];
  });
}

describe('reading a table’s stream', () => {
  it('drops what the filter drops, and moves past it', () => {
    const filterCriteria = { filters: [{ pattern: '{"eventName":["INSERT"]}' }] };
    const stepped = reading({ filterCriteria });
    const commands = answer(stepped, 1, [
      change(1, 'REMOVE', 'x'),
      change(2, 'INSERT', 'x'),
      change(3, 'MODIFY', 'x'),
    ]);
    expect(invocations(commands)).toEqual([[0, ['event-2']]]);
    expect(stepped.mapping.checkpoints()).toEqual(new Map([['a', '1']]));
    expect(stepped.mapping.stats()).toMatchObject({ recordsRead: 3, recordsFiltered: 2 });
    const ended = { type: 'invocation-ended', invocationId: 2, outcome: { code: 'succeeded' } } as const;
    stepped.step(1_101, ended);
    expect(stepped.mapping.checkpoints()).toEqual(new Map([['a', '3']]));
  });

  it('keeps the records of one item in one lane, and spreads the items', () => {
    const items = Array.from({ length: 16 }, (_, index) => String(index));
    const records = [...items, ...items].map((id, index) => change(index + 1, 'MODIFY', id));
    const lanes = invocations(answer(reading({ parallelizationFactor: 4 }), 1, records));
    expect(lanes.length).toBeGreaterThan(1);
    for (const [, ids] of lanes) {
      const half = ids.length / 2;
      expect(ids.slice(half)).toEqual(ids.slice(0, half).map((id) => `event-${Number(id.slice(6)) + 16}`));
    }
  });

  it('skips what it has read before by the number in the change, after a position that was trimmed', () => {
    const stepped = reading({});
    answer(stepped, 1, [change(1, 'INSERT', 'x')]);
    stepped.step(1_101, { type: 'invocation-ended', invocationId: 2, outcome: { code: 'succeeded' } });
    stepped.step(1_350, timePassed);
    stepped.step(1_351, readFailed('a', 3, 'trimmed'));
    stepped.step(1_401, timePassed);
    const commands = answer(stepped, 4, [change(1, 'INSERT', 'x'), change(2, 'INSERT', 'x')]);
    expect(invocations(commands)).toEqual([[0, ['event-2']]]);
  });

  it('stops at a record without a number, which no checkpoint could pass', () => {
    const broken = new Error('invariant: every record has a sequence number');
    const filterCriteria = { filters: [{ pattern: '{"partitionKey":["nobody"]}' }] };
    const kinesis = createSteppedMapping({ filterCriteria });
    kinesis.step(0, start);
    kinesis.step(0, listed('a'));
    expect(() =>
      answer(kinesis, 1, [{ PartitionKey: 'x', Data: '', ApproximateArrivalTimestamp: 1 }]),
    ).toThrow(broken);
    const table = reading({});
    answer(table, 1, [change(1, 'INSERT', 'x')]);
    table.step(1_350, timePassed);
    table.step(1_351, readFailed('a', 3, 'trimmed'));
    table.step(1_401, timePassed);
    expect(() => answer(table, 4, [{ eventID: '1', eventName: 'INSERT' }])).toThrow(broken);
  });
});
