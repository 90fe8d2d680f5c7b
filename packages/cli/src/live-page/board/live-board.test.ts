import type { RuntimeEvent } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { BATCHES_MAX, LiveBoard } from './live-board.ts';

const START_MS = 1_700_000_000_000;
const batch = { functionId: 'MapFunction', mappingId: 'MapMapping', shardId: 's', records: 10, attempt: 1 };

function started(requestId: string, more: Partial<typeof batch> = {}): RuntimeEvent {
  return { type: 'invocation-started', at: START_MS, requestId, ...batch, ...more };
}

function succeeded(
  requestId: string,
  more: Partial<typeof batch> & { itemFailures?: number } = {},
): RuntimeEvent {
  return {
    ...{ type: 'invocation-succeeded', at: START_MS, requestId, durationMs: 5, itemFailures: 0 },
    ...{ ...batch, ...more },
  };
}

function failed(requestId: string, errorType: string, more: Partial<typeof batch> = {}): RuntimeEvent {
  return {
    ...{ type: 'invocation-failed', at: START_MS, requestId, durationMs: 5, errorType, errorMessage: 'why' },
    ...{ ...batch, ...more },
  };
}

function fault(kind: 'redeliver' | 'lost-reply', more: Partial<typeof batch> = {}): RuntimeEvent {
  const { functionId, mappingId, shardId, records, attempt } = { ...batch, ...more };
  const range = { shardId, firstSequenceNumber: '1', lastSequenceNumber: '2', records, attempt };
  return { type: 'fault-injected', kind, at: START_MS, functionId, mappingId, batch: range };
}

function committed(requestId: string, applied: number, known = 0): RuntimeEvent {
  const line = JSON.stringify({
    ...{ message: 'Batch committed', function_request_id: requestId },
    ...{ RecordsApplied: applied, RecordsAlreadyApplied: known },
  });
  return { type: 'log', at: START_MS, functionId: 'MapFunction', output: 'stdout', line };
}

function boardAfter(...events: readonly RuntimeEvent[]): LiveBoard {
  const board = new LiveBoard();
  board.begin(['StateFunction', 'MapFunction']);
  for (const event of events) {
    board.note(event);
  }
  return board;
}

const mapStage = (board: LiveBoard) => board.stages(START_MS + 1_000)[1];

describe('LiveBoard', () => {
  it('shows what is in flight until it ends, and how fast records are', () => {
    const board = boardAfter(started('1'), started('2', { shardId: 't', records: 5 }));
    expect(mapStage(board)).toMatchObject({ batchesInFlight: 2, recordsInFlight: 15, records: 0 });
    board.note(succeeded('1'));
    expect(mapStage(board)).toMatchObject({
      batchesInFlight: 1,
      recordsInFlight: 5,
      records: 10,
      batches: 1,
    });
    expect(mapStage(boardAfter(started('1'), succeeded('1')))?.recordsPerSecond).toBe(2);
    expect(board.stages(START_MS)[0]).toMatchObject({ functionId: 'StateFunction', records: 0 });
  });

  it('is neither fast nor done where a batch of a stream fails in part, and counts the rest of a queue', () => {
    const board = boardAfter(started('1'), succeeded('1', { itemFailures: 1 }));
    expect(mapStage(board)).toMatchObject({ records: 0, batches: 0, recordsPerSecond: 0 });
    const queue = new LiveBoard();
    queue.begin(['StateFunction', 'MapFunction'], new Map([['MapMapping', { isQueue: true }]]));
    queue.note(succeeded('1', { itemFailures: 1 }));
    expect(mapStage(queue)).toMatchObject({ records: 9, batches: 0, recordsPerSecond: 1.8 });
  });

  it('says of failures and redeliveries whether somebody asked for them', () => {
    const board = boardAfter(
      ...[started('1'), failed('1', 'InducedFailure'), started('2'), failed('2', 'TypeError')],
      ...[started('3'), fault('lost-reply'), failed('3', 'TimeoutError'), started('4'), succeeded('4')],
    );
    expect(mapStage(board)).toMatchObject({
      failures: 3,
      failed: { induced: 2, other: 1 },
      redelivered: { induced: 2, other: 1 },
      failing: undefined,
      lastError: 'TimeoutError: why',
    });
    expect([...board.faults]).toEqual([['lost-reply', 1]]);
  });

  it('counts what failed in part as a failure of the same cause as its batch', () => {
    const board = boardAfter(
      ...[started('1'), succeeded('1', { itemFailures: 1 })],
      ...[started('2'), fault('lost-reply'), succeeded('2', { itemFailures: 1 })],
    );
    expect(mapStage(board)).toMatchObject({ failures: 2, failed: { induced: 1, other: 1 } });
  });

  it('names the error of a shard that has not succeeded since', () => {
    const board = boardAfter(
      ...[
        started('1'),
        failed('1', 'TypeError'),
        started('2', { shardId: 't' }),
        succeeded('2', { shardId: 't' }),
      ],
    );
    expect(mapStage(board)?.failing).toEqual({ outcome: 'TypeError', isInduced: false, isGivenUp: false });
    board.note(started('3'));
    board.note(succeeded('3', { itemFailures: 2 }));
    expect(mapStage(board)?.failing?.outcome).toBe('failed in part');
    board.note(succeeded('4'));
    expect(mapStage(board)?.failing).toBeUndefined();
  });

  it('names what nobody asked for before what somebody did, and that before what was given up', () => {
    const onShard = (shardId: string) => [started(shardId, { shardId })] as const;
    const board = boardAfter(
      ...[...onShard('a'), failed('a', 'RangeError', { shardId: 'a' })],
      ...[...onShard('b'), failed('b', 'InducedFailure', { shardId: 'b' })],
      ...[...onShard('c'), failed('c', 'TypeError', { shardId: 'c' })],
    );
    const giveUp = (shardId: string) =>
      board.note({
        ...{ type: 'records-discarded', at: START_MS, mappingId: 'MapMapping', shardId, records: 1 },
        condition: 'RetryAttemptsExhausted',
      });
    giveUp('a');
    expect(mapStage(board)?.failing?.outcome).toBe('TypeError');
    giveUp('c');
    expect(mapStage(board)?.failing).toMatchObject({ outcome: 'InducedFailure', isInduced: true });
    giveUp('b');
    expect(mapStage(board)?.failing).toMatchObject({ isGivenUp: true });
  });

  it('counts a batch that a fault redelivers, and what is given up', () => {
    const discarded = {
      condition: 'RetryAttemptsExhausted',
      mappingId: 'MapMapping',
      shardId: 's',
      records: 7,
    };
    const board = boardAfter(
      ...[started('1'), fault('redeliver'), succeeded('1')],
      { type: 'records-discarded', at: START_MS, ...discarded },
      { type: 'records-discarded', at: START_MS, ...discarded, mappingId: 'Unknown' },
    );
    expect(mapStage(board)).toMatchObject({ redelivered: { induced: 1, other: 0 }, givenUp: 7 });
    expect(board.batches[0]?.faults).toEqual(['redeliver']);
  });

  it('joins what a function says with its batch, whichever comes first', () => {
    const board = boardAfter(
      ...[started('1'), committed('1', 10), succeeded('1')],
      ...[started('2'), succeeded('2'), committed('2', 0, 10)],
    );
    expect(board.batches.map(({ report }) => report?.text)).toEqual(['10 known', '10 applied']);
  });

  it('keeps the last batches only, and no more reports than it may, however long it runs', () => {
    const board = boardAfter();
    for (let number = 0; number < 2_000; number += 1) {
      board.note(committed(`never ${number}`, 1));
      board.note(started(String(number)));
      board.note(succeeded(String(number)));
    }
    expect(board.batches).toHaveLength(BATCHES_MAX);
    expect(board.batches[0]?.requestId).toBe('1999');
    expect(board.activity).toBe(4_000);
    board.note(succeeded('never 0'));
    expect(board.batches[0]?.report).toBeUndefined();
    board.note(succeeded('never 1999'));
    expect(board.batches[0]?.report?.text).toBe('1 applied');
  });
});
