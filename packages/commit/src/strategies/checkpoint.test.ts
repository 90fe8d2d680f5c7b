import { describe, expect, it } from 'vitest';
import { GuardLostError, GuardViolationError, StrategyError } from '../errors.ts';
import { formatPosition, POSITION_OF_START, SUB_SEQUENCE_NUMBER_MAX } from '../position.ts';
import type { Batch, CommitRecord, GuardFailure, StrategySession } from '../strategy.ts';
import type { Action, FailedCondition, Item } from '../transaction-port.ts';
import { type CheckpointOptions, checkpoint } from './checkpoint.ts';

const options: CheckpointOptions = {
  namespace: 'n',
  consumer: 'c',
  table: 'Positions',
  startsTable: 'Ledger',
  parallelizationFactor: 1,
};
const record = (sequenceNumber: string | undefined, subSequenceNumber?: number): CommitRecord => ({
  id: `${sequenceNumber}.${subSequenceNumber}`,
  contribution: new Map(),
  sequenceNumber,
  subSequenceNumber,
});
const records = [record('1'), record('2'), record('3')] as const;
const position = { table: 'Positions', key: { Position: { S: 'v2#n#c#stream#shard' } } };
const marker = { table: 'Ledger', key: { Marker: { S: 'v2#n#c#stream#shard#start' } } };
const former = { table: 'Positions', key: { Position: { S: 'c#shard' } } };
const raise = (below: string, to: string): Action => ({
  type: 'raise',
  ...position,
  attribute: 'SequenceNumber',
  below,
  to,
});
const putIfAbsent = (item: typeof position | typeof marker, attributes: Item): Action => ({
  type: 'put-if-absent',
  ...item,
  attributes,
});
const text = (S: string): Item => ({ SequenceNumber: { S } });

function open(batch: Partial<Batch> = {}, more: Partial<CheckpointOptions> = {}): StrategySession {
  return checkpoint({ ...options, ...more }).open(
    { records, source: 'stream', shardId: 'shard', ...batch },
    { remainingMs: () => 1 },
  );
}

/** Tells the session that the guard of all records failed, and what was there instead. */
function failGuard(session: StrategySession, existing: Item | undefined, own: Partial<GuardFailure> = {}) {
  const failures: FailedCondition[] = [{ action: session.guard(records).actions[0] as Action, existing }];
  return session.onGuardFailed?.({ group: records, failures, pending: records, ...own });
}

/** Tells the session that these conditions of its opening failed. */
function failOpening(session: StrategySession, failures: readonly FailedCondition[]) {
  return session.onGuardFailed?.({ group: [], failures, pending: records });
}

describe('checkpoint', () => {
  it('needs one action for a group of any size, and knows a record by its position', () => {
    const strategy = checkpoint(options);
    expect(strategy).toMatchObject({ code: 'checkpoint', identifiesBy: 'position' });
    expect([1, 5_000].map((count) => strategy.guardSize(count))).toEqual([1, 1]);
  });

  it('raises the position of the shard from below the first to the last record of a group', () => {
    expect(open().guard(records)).toEqual({
      name: 'v2#n#c#stream#shard#3',
      actions: [raise(formatPosition('1'), formatPosition('3'))],
    });
  });

  it('guards a group that ends inside an aggregated Kinesis record', () => {
    const parts = [record('7', 0), record('7', 1)];
    expect(open({ records: parts }).guard(parts)).toEqual({
      name: 'v2#n#c#stream#shard#7.1',
      actions: [raise(formatPosition('7', 0), formatPosition('7', 1))],
    });
  });

  it('opens nothing while it has not learned that the shard was never started', () => {
    expect(open().opening?.()).toBeUndefined();
  });

  it('starts a shard without a position, once, and then goes on', () => {
    const session = open();
    expect(failGuard(session, undefined)).toEqual({ fresh: records, applied: [] });
    expect(session.opening?.()).toEqual([
      putIfAbsent(position, text(POSITION_OF_START)),
      putIfAbsent(marker, {}),
    ]);
    session.onOpened?.();
    expect(session.opening?.()).toBeUndefined();
  });

  it('takes what is at or before the position for applied', () => {
    expect(failGuard(open(), text(formatPosition('2')))).toEqual({
      fresh: [records[2]],
      applied: [records[0], records[1]],
    });
  });

  it('goes on after a position that another process has started meanwhile', () => {
    const session = open();
    failGuard(session, undefined);
    const partition = failOpening(session, [
      { action: putIfAbsent(position, {}), existing: text(formatPosition('3')) },
      { action: putIfAbsent(marker, {}), existing: {} },
    ]);
    expect(partition).toEqual({ fresh: records, applied: [] });
    expect(session.opening?.()).toBeUndefined();
  });

  const lost = new GuardLostError(
    'the position of a shard is missing although the shard was started: put it back before the shard goes on, or records count twice',
  );
  const action = putIfAbsent(marker, {});
  it.each<[string, readonly FailedCondition[]]>([
    ['the shard was started', [{ action, existing: {} }]],
    [
      'the shard was started, even if release 0.1.0 has left its position',
      [
        { action, existing: {} },
        { action: putIfAbsent(former, {}), existing: text('2') },
      ],
    ],
    ['the former position has no text', [{ action: putIfAbsent(former, {}), existing: {} }]],
    ['the former position is not told', [{ action: putIfAbsent(former, {}), existing: undefined }]],
    [
      'no failure is of this shard',
      [{ action: putIfAbsent({ ...former, table: 'Other' }, {}), existing: text('2') }],
    ],
    [
      'the former position is a number',
      [{ action: putIfAbsent(former, {}), existing: { SequenceNumber: { N: '2' } } }],
    ],
    [
      'the former position was taken over',
      [{ action: putIfAbsent(former, {}), existing: text('taken over by v2') }],
    ],
    ['the former position ends in text', [{ action: putIfAbsent(former, {}), existing: text('2x') }]],
    ['the former position begins with text', [{ action: putIfAbsent(former, {}), existing: text('x2') }]],
    [
      'the former position has too many digits',
      [{ action: putIfAbsent(former, {}), existing: text('2'.repeat(130)) }],
    ],
  ])('refuses to start a shard when %s', (_, failures) => {
    const session = open({}, { formerSource: 'stream' });
    failGuard(session, undefined);
    expect(() => failOpening(session, failures)).toThrow(lost);
  });

  it('takes the position of release 0.1.0 over, and leaves text that 0.1.0 refuses', () => {
    // With as many digits as a sequence number can have.
    const previous = '2'.padStart(129, '0');
    const session = open({}, { formerSource: 'stream' });
    failGuard(session, undefined);
    const next = 'taken over by v2#n#c#stream#shard';
    expect(session.opening?.()).toEqual([
      putIfAbsent(position, text(POSITION_OF_START)),
      putIfAbsent(marker, {}),
      putIfAbsent(former, text(next)),
    ]);
    // What 0.1.0 has committed is applied, with all user records of the Kinesis record where it stopped.
    expect(failOpening(session, [{ action: putIfAbsent(former, {}), existing: text(previous) }])).toEqual({
      fresh: [records[2]],
      applied: [records[0], records[1]],
    });
    expect(session.opening?.()).toEqual([
      putIfAbsent(position, text(formatPosition('2', SUB_SEQUENCE_NUMBER_MAX))),
      putIfAbsent(marker, {}),
      { type: 'compare-and-set', ...former, attribute: 'SequenceNumber', previous, next },
    ]);
  });

  it('looks for no position of release 0.1.0 under another stream', () => {
    const session = open({ source: 'other' }, { formerSource: 'stream' });
    failGuard(session, undefined);
    expect(session.opening?.()).toHaveLength(2);
  });

  it('says nothing else of a failed guard than of its first condition', () => {
    const session = open();
    expect(() => failGuard(session, undefined, { failures: [] })).not.toThrow();
    expect(session.opening?.()).toBeDefined();
  });

  it('stops when the position refused a group that lies behind it', () => {
    expect(() => failGuard(open(), text(POSITION_OF_START))).toThrow(
      new GuardViolationError(
        'a position refused a group that lies behind it: it was changed by another program',
      ),
    );
  });

  it.each<[string, Item]>([
    ['no text', {}],
    ['a number', { SequenceNumber: { N: '2' } }],
    ['text that is no position', text('2')],
  ])('stops when the position is %s', (_, existing) => {
    expect(() => failGuard(open(), existing)).toThrow(
      new GuardViolationError('the position has no SequenceNumber that this release writes'),
    );
  });

  it('stops when it is to guard no record', () => {
    expect(() => open().guard([])).toThrow(new GuardViolationError('a group without records has no guard'));
  });

  it.each([undefined, ''])('refuses the shard id %j, and says where it comes from', (shardId) => {
    expect(() => open({ shardId })).toThrow(
      new StrategyError(
        'checkpoint needs the shard id: Kinesis has it in eventID, DynamoDB Streams tell it only to a mapping with a tumbling window',
      ),
    );
  });

  it('refuses a record without a sequence number', () => {
    expect(() => open({ records: [record('1'), record(undefined)] })).toThrow(
      new StrategyError('checkpoint needs the sequence number of every record'),
    );
  });

  it.each([
    ['before', '1'],
    ['at', '2'],
  ])('refuses a record that is %s the one before it in its shard', (_, sequenceNumber) => {
    expect(() => open({ records: [record('1'), record('2'), record(sequenceNumber)] })).toThrow(
      new StrategyError('record 2 of the batch is not behind the one before it in its shard', {
        recordIndex: 2,
      }),
    );
  });
});

describe('checkpoint, options', () => {
  const startsTable =
    'checkpoint needs a startsTable that is another table than that of the positions: the table of a ledger will do';
  it.each<[Partial<Record<keyof CheckpointOptions, unknown>>, string]>([
    [
      { parallelizationFactor: 2 },
      'checkpoint needs parallelizationFactor: 1, and a mapping that has it: with more, batches of one shard overtake each other and records are lost',
    ],
    [{ startsTable: undefined }, startsTable],
    [{ startsTable: 'Positions' }, startsTable],
    [{ startsTable: '' }, startsTable],
    [{ ranges: 'yes' }, 'checkpoint: ranges: the options are missing: retentionSeconds, now'],
    [{ ranges: { retention: 7 } }, 'checkpoint: ranges: there is no option retention'],
    [{ table: undefined }, 'checkpoint: the option table is missing'],
  ])('refuses %j', (wrong, message) => {
    expect(() => checkpoint({ ...options, ...wrong } as CheckpointOptions)).toThrow(
      new StrategyError(message),
    );
  });

  it('refuses an option that nobody reads', () => {
    expect(() => checkpoint({ ...options, formerSouce: 's' } as CheckpointOptions)).toThrow(
      new StrategyError('checkpoint: there is no option formerSouce'),
    );
    expect(() => checkpoint({ ...options, formerSource: 's' })).not.toThrow();
  });

  it('refuses names that no identity can be made of, when it is made', () => {
    expect(() => checkpoint({ ...options, namespace: '' })).toThrow(/namespace/);
    expect(() => checkpoint({ ...options, consumer: 'c'.repeat(256) })).toThrow(/consumer/);
  });
});
