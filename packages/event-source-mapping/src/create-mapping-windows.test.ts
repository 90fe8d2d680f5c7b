// Goal: every command of the mapping, its time and its order, for each rule about tumbling windows. Method: the test
// answers by hand; the commands are compared in words, with nothing left out.
import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  delivered,
  failed,
  follow,
  listed,
  read,
  reported,
  restart,
  type Scenario,
  start,
  succeeded,
  timePassed,
} from '../test/step-mapping.ts';
import { sequenceNumber } from '../test/virtual-driver.ts';

const caughtUp = { millisBehindLatest: 0 };
const ended = { isEndOfShard: true };
const tumblingWindowInSeconds = 10;
const functionResponseTypes = ['ReportBatchItemFailures'] as const;
const queue = { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:failed' } };

/** A state, and a report of one record. */
function stateAndReport(state: unknown, number: number): object {
  return { state, batchItemFailures: [{ itemIdentifier: sequenceNumber(number) }] };
}

/** Bytes of the first event of a window with so many of the records 1 to 9, which are equally long. */
function windowEventBytes(count: number): number {
  const { step } = createSteppedMapping({ tumblingWindowInSeconds });
  step(0, start);
  step(0, listed('a'));
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const invoke = step(1, read('a', 1, numbers)).find(({ type }) => type === 'invoke');
  return invoke?.type === 'invoke' ? invoke.payloadBytes : 0;
}

const scenarios: readonly Scenario[] = [
  {
    rule: 'ends a window by an event without records when a record of the next one is there',
    settings: { tumblingWindowInSeconds },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, [2, 9_999], [3, 10_000]], caughtUp),
        '#2 invoke a/0 [1 2] window 00:00 {}',
        'wake at 1001',
      ],
      [2, succeeded(2, { state: { sum: 3 } }), '#3 invoke a/0 [] as 1-2 window 00:00 {"sum":3} final'],
      [3, succeeded(3, { state: { sum: 3 } }), '#4 invoke a/0 [3] window 00:10 {}', 'checkpoint a 2'],
      [4, succeeded(4, { state: {} })],
    ],
    end: { recordsSucceeded: 3, shards: [{ hasOpenWindow: true, checkpoint: sequenceNumber(2) }] },
  },
  {
    rule: 'counts a late record to the window that is open',
    settings: { tumblingWindowInSeconds },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read(
          'a',
          1,
          [
            [1, 25_000],
            [2, 3_000],
            [3, 29_999],
          ],
          caughtUp,
        ),
        '#2 invoke a/0 [1 2 3] window 00:20 {}',
        'wake at 1001',
      ],
      [2, succeeded(2, { state: 'any' })],
    ],
  },
  {
    rule: 'ends a quiet window by a read that found nothing exactly so long after its end',
    settings: { tumblingWindowInSeconds, behaviour: { windowQuietMs: 2_000, pollIntervalMs: 12_000 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [0, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1] window 00:00 {}'],
      [1, succeeded(2, { state: 1 })],
      [12_000, timePassed, '#3 read a after 1 max 10000', 'list shards', 'wake never'],
      [12_000, read('a', 3, [], caughtUp), '#4 invoke a/0 [] as 1-1 window 00:00 1 final', 'wake at 24000'],
      [12_001, succeeded(4, { state: 1 }), 'checkpoint a 1', 'idle'],
    ],
  },
  {
    rule: 'does not end a quiet window one millisecond early',
    settings: { tumblingWindowInSeconds, behaviour: { windowQuietMs: 2_000, pollIntervalMs: 11_999 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [0, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1] window 00:00 {}'],
      [1, succeeded(2, { state: 1 })],
      [11_999, timePassed, '#3 read a after 1 max 10000', 'list shards', 'wake never'],
      [11_999, read('a', 3, [], caughtUp), 'wake at 23998'],
      [12_000, timePassed],
      [23_998, timePassed, '#4 read a after 1 max 10000', 'wake never'],
      [23_999, read('a', 4, [], caughtUp), '#5 invoke a/0 [] as 1-1 window 00:00 1 final', 'wake at 35998'],
    ],
  },
  {
    rule: 'does not take a shard for quiet that has more to read',
    settings: { tumblingWindowInSeconds, behaviour: { windowQuietMs: 2_000 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        0,
        read('a', 1, [1], { millisBehindLatest: 1 }),
        '#2 invoke a/0 [1] window 00:00 {}',
        '#3 read a after 1 max 10000',
      ],
      [1, succeeded(2, { state: 1 })],
      [
        12_000,
        read('a', 3, [[2, 9_000]], { millisBehindLatest: 1 }),
        '#4 invoke a/0 [2] window 00:00 1',
        '#5 read a after 2 max 10000',
        'list shards',
        'wake never',
      ],
      [12_001, succeeded(4, { state: 3 })],
    ],
  },
  {
    rule: 'ends its window with the shard, which is drained after the last event only',
    settings: { tumblingWindowInSeconds },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!', 'b<a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], ended), '#2 invoke a/0 [1] window 00:00 {}'],
      [2, succeeded(2, { state: 1 }), '#3 invoke a/0 [] as 1-1 window 00:00 1 final'],
      [3, failed(3), 'wake at 53'],
      [53, timePassed, '#4 invoke a/0 [] as 1-1 retry 1 window 00:00 1 final', 'wake at 10000'],
      [
        54,
        succeeded(4, { state: 1 }),
        'checkpoint a 1',
        'drained a',
        '#5 read b trim-horizon max 10000',
        'list shards',
        'wake never',
      ],
    ],
  },
  {
    rule: 'takes an answer without a state for a failure, whose state is not kept',
    settings: { tumblingWindowInSeconds, functionResponseTypes },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [10, succeeded(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2] retry 1 window 00:00 {}', 'wake at 1001'],
      [70, succeeded(3, { state: null }), 'wake at 170'],
      [170, timePassed, '#4 invoke a/0 [1 2] retry 2 window 00:00 {}', 'wake at 1001'],
      [180, succeeded(4, stateAndReport(5, 1)), 'wake at 380'],
      [380, timePassed, '#5 invoke a/0 [1 2] retry 3 window 00:00 {}', 'wake at 1001'],
      [390, succeeded(5, stateAndReport(0, 2)), 'wake at 790'],
      [
        1_190,
        timePassed,
        '#6 invoke a/0 [2] retry 4 window 00:00 0',
        '#7 read a after 2 max 10000',
        'wake at 10000',
      ],
      [1_200, succeeded(6, { state: false })],
    ],
  },
  {
    rule: 'ends a window early when its state is too large, and begins the same window afresh',
    settings: { tumblingWindowInSeconds, batchSize: 1, behaviour: { windowStateBytesMax: 5 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, { state: 'abc' }), '#3 invoke a/0 [2] window 00:00 "abc"'],
      [3, succeeded(3, { state: 'abé' }), '#4 invoke a/0 [] as 1-2 window 00:00 "abé" final early'],
      [4, failed(4), 'wake at 54'],
      [54, timePassed, '#5 invoke a/0 [] as 1-2 retry 1 window 00:00 "abé" final early', 'wake at 1001'],
      [55, succeeded(5, { state: '' }), '#6 invoke a/0 [3] window 00:00 {}', 'checkpoint a 2'],
      [56, succeeded(6, { state: '' })],
    ],
  },
  {
    rule: 'ends a window early before its batches that wait, which open it anew',
    settings: {
      tumblingWindowInSeconds,
      functionResponseTypes,
      bisectBatchOnFunctionError: true,
      behaviour: { windowStateBytesMax: 5 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1 2 3] window 00:00 {}', 'wake at 1001'],
      [
        2,
        succeeded(2, stateAndReport('too large', 2)),
        '#3 invoke a/0 [] as 1-3 window 00:00 "too large" final early',
      ],
      [3, succeeded(3, { state: 0 }), 'checkpoint a 1', 'wake at 52'],
      [53, timePassed, '#4 invoke a/0 [2 3] window 00:00 {}', 'wake at 1001'],
      [54, failed(4), 'wake at 104'],
      [104, timePassed, '#5 invoke a/0 [2] window 00:00 {}', 'wake at 1001'],
      [105, succeeded(5, { state: 1 }), '#6 invoke a/0 [3] window 00:00 1'],
      [106, succeeded(6, { state: 2 })],
    ],
  },
  {
    rule: 'gives the last records with the last event where that is chosen',
    settings: { tumblingWindowInSeconds, batchSize: 2, behaviour: { finalInvocation: 'with-records' } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, [4, 10_000], [5, 10_001]], ended), '#2 invoke a/0 [1 2] window 00:00 {}'],
      [2, succeeded(2, { state: 3 }), '#3 invoke a/0 [3] window 00:00 3 final'],
      [3, succeeded(3, { state: 6 }), '#4 invoke a/0 [4 5] window 00:10 {} final', 'checkpoint a 3'],
      [4, succeeded(4, { state: 9 }), 'checkpoint a 5', 'drained a', 'list shards', 'wake never', 'idle'],
    ],
  },
  {
    rule: 'ends a window without records where the last ones were sent before anything showed its end',
    settings: { tumblingWindowInSeconds, behaviour: { finalInvocation: 'with-records' } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1], { millisBehindLatest: 1 }),
        '#2 invoke a/0 [1] window 00:00 {}',
        '#3 read a after 1 max 10000',
      ],
      [2, succeeded(2, { state: 1 })],
      [
        3,
        read('a', 3, [[2, 10_000]], { millisBehindLatest: 1 }),
        '#4 invoke a/0 [] as 1-1 window 00:00 1 final',
        '#5 read a after 2 max 9999',
      ],
      [4, succeeded(4, { state: 1 }), '#6 invoke a/0 [2] window 00:10 {}', 'checkpoint a 1'],
    ],
  },
  {
    rule: 'closes the window with the last part where a final batch is cut anew, and adds no record of the next one',
    settings: {
      tumblingWindowInSeconds,
      batchSize: 4,
      behaviour: { finalInvocation: 'with-records', retryGrouping: 'recut' },
    },
    options: { random: () => 0.25 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, 2, 3, [4, 10_000]], caughtUp),
        '#2 invoke a/0 [1 2 3] window 00:00 {} final',
        'wake at 1001',
      ],
      [2, failed(2), 'wake at 27'],
      [27, timePassed, '#3 invoke a/0 [1 2] retry 1 window 00:00 {}', 'wake at 1001'],
      [28, succeeded(3, { state: 3 }), '#4 invoke a/0 [3] retry 1 window 00:00 3 final'],
      [29, failed(4), 'wake at 79'],
      [79, timePassed, '#5 invoke a/0 [3] retry 2 window 00:00 3 final', 'wake at 1001'],
      [80, succeeded(5, { state: 6 }), '#6 invoke a/0 [4] window 00:10 {}', 'checkpoint a 3'],
    ],
  },
  {
    rule: 'counts the fields of the window to an event’s size, as they are before its last event',
    settings: { tumblingWindowInSeconds, behaviour: { payloadBytesMax: windowEventBytes(3) - 1 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4, 5], caughtUp), '#2 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, { state: {} }), '#3 invoke a/0 [3 4] window 00:00 {}'],
      [3, succeeded(3, { state: {} }), '#4 invoke a/0 [5] window 00:00 {}'],
    ],
  },
  {
    rule: 'closes the window with the second half where a final batch is halved',
    settings: {
      tumblingWindowInSeconds,
      bisectBatchOnFunctionError: true,
      functionResponseTypes,
      behaviour: { finalInvocation: 'with-records' },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], ended), '#2 invoke a/0 [1 2 3] window 00:00 {} final'],
      [2, failed(2), 'wake at 52'],
      [52, timePassed, '#3 invoke a/0 [1 2] window 00:00 {}', 'wake at 10000'],
      [53, succeeded(3, { state: 3 }), '#4 invoke a/0 [3] window 00:00 3 final'],
      [54, failed(4), 'wake at 104'],
      [104, timePassed, '#5 invoke a/0 [3] retry 1 window 00:00 3 final', 'wake at 10000'],
      [105, succeeded(5, { state: 6 }), 'checkpoint a 3', 'drained a', 'list shards', 'wake never', 'idle'],
    ],
  },
  {
    rule: 'keeps a final batch final where a report splits it or an expiry thins it out',
    settings: {
      tumblingWindowInSeconds,
      functionResponseTypes,
      maximumRecordAgeInSeconds: 60,
      behaviour: { finalInvocation: 'with-records' },
    },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('a!', 'b!'),
        '#1 read a trim-horizon max 10000',
        '#2 read b trim-horizon max 10000',
        'wake at 10000',
      ],
      [1, read('a', 1, [1, 2], ended), '#3 invoke a/0 [1 2] window 00:00 {} final'],
      [2, succeeded(3, stateAndReport(1, 2)), 'wake at 52'],
      [52, timePassed, '#4 invoke a/0 [2] retry 1 window 00:00 1 final', 'wake at 10000'],
      [53, succeeded(4, { state: 3 }), 'checkpoint a 2', 'drained a', 'list shards', 'wake never'],
      [
        55,
        read(
          'b',
          2,
          [
            [3, -60_000],
            [4, -59_900],
          ],
          ended,
        ),
        'discard b 3-3 RecordAgeExceeded (1: 3)',
        '#5 invoke b/0 [4] window 59:00 {} final',
      ],
      [56, succeeded(5, { state: 4 }), 'checkpoint b 4', 'drained b', 'idle'],
    ],
  },
  {
    rule: 'cuts a batch that is retried to the payload that a larger state leaves, the rest being final',
    settings: {
      tumblingWindowInSeconds,
      bisectBatchOnFunctionError: true,
      behaviour: { finalInvocation: 'with-records', payloadBytesMax: 2_400 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4], ended), '#2 invoke a/0 [1 2 3 4] window 00:00 {} final'],
      [2, failed(2), 'wake at 52'],
      [52, timePassed, '#3 invoke a/0 [1 2] window 00:00 {}', 'wake at 10000'],
      [53, succeeded(3, { state: 'x'.repeat(1_200) }), '#4 invoke a/0 [3] window 00:00 "xxxxxxxxx… of 1202'],
      [
        54,
        succeeded(4, { state: 'x'.repeat(1_500) }),
        '#5 invoke a/0 [4] window 00:00 "xxxxxxxxx… of 1502 final',
      ],
      [55, succeeded(5, { state: 0 }), 'checkpoint a 4', 'drained a', 'list shards', 'wake never', 'idle'],
    ],
  },
  {
    rule: 'gives up a record that the state leaves no room for, and ends the window without it',
    settings: {
      tumblingWindowInSeconds,
      batchSize: 1,
      behaviour: { finalInvocation: 'with-records', payloadBytesMax: 1_000 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], ended), '#2 invoke a/0 [1] window 00:00 {}'],
      [
        2,
        succeeded(2, { state: 'x'.repeat(300) }),
        'discard a 2-2 PayloadTooLarge (1: 2)',
        '#3 invoke a/0 [] as 1-2 window 00:00 "xxxxxxxxx… of 302 final',
      ],
      [3, succeeded(3, { state: 0 }), 'checkpoint a 2', 'drained a', 'list shards', 'wake never', 'idle'],
    ],
  },
  {
    rule: 'gives up the last event of a window when its retries are used up, and goes on',
    settings: { tumblingWindowInSeconds, maximumRetryAttempts: 1, destinationConfig: queue },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, [3, 10_000]], caughtUp), '#2 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, { state: 3 }), '#3 invoke a/0 [] as 1-2 window 00:00 3 final'],
      [3, failed(3), 'wake at 53'],
      [53, timePassed, '#4 invoke a/0 [] as 1-2 retry 1 window 00:00 3 final', 'wake at 1001'],
      [54, failed(4), 'discard a 1-2 RetryAttemptsExhausted (0: )', '#5 deliver to sqs for a'],
      [55, delivered(5, true), '#6 invoke a/0 [3] window 00:10 {}', 'checkpoint a 2'],
      [56, succeeded(6, { state: 3 })],
    ],
    end: { recordsDiscarded: 0, deliveries: 1 },
  },
  {
    rule: 'gives up the last event of a window once the window’s end is older than records may be',
    settings: {
      tumblingWindowInSeconds,
      maximumRecordAgeInSeconds: 60,
      behaviour: { backoffBaseMs: 1, backoffLimitMs: 1 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], ended), '#2 invoke a/0 [1 2] window 00:00 {}'],
      [2, succeeded(2, { state: 3 }), '#3 invoke a/0 [] as 1-2 window 00:00 3 final'],
      [69_998, failed(3), 'list shards', 'wake at 69999'],
      [70_000, timePassed, '#4 invoke a/0 [] as 1-2 retry 1 window 00:00 3 final', 'wake never'],
      [70_000, failed(4), 'wake at 70001'],
      [
        70_001,
        timePassed,
        'discard a 1-2 RecordAgeExceeded (0: )',
        'checkpoint a 2',
        'drained a',
        'wake never',
        'idle',
      ],
    ],
  },
  {
    rule: 'gathers for the batching window within a tumbling window too, up to its end',
    settings: { tumblingWindowInSeconds, maximumBatchingWindowInSeconds: 2, batchSize: 3 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [100, read('a', 1, [1], caughtUp), 'wake at 1100'],
      [1_100, timePassed, '#2 read a after 1 max 9999', 'wake at 2100'],
      [1_101, read('a', 2, [2], caughtUp)],
      [2_100, timePassed, '#3 invoke a/0 [1 2] window 00:00 {}', 'wake at 2101'],
      [2_101, succeeded(3, { state: 3 }), '#4 read a after 2 max 10000', 'wake at 10000'],
      [2_102, timePassed],
      [2_103, read('a', 4, [3, [4, 10_000]], caughtUp), '#5 invoke a/0 [3] window 00:00 3', 'wake at 3103'],
      [2_104, succeeded(5, { state: 6 }), '#6 invoke a/0 [] as 1-3 window 00:00 6 final'],
      [2_105, succeeded(6, { state: 6 }), 'checkpoint a 3'],
    ],
  },
  {
    rule: 'checkpoints a window with its end, so that a new poller sums all of it again',
    settings: { tumblingWindowInSeconds, batchSize: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, { state: 1 }), '#3 invoke a/0 [2] window 00:00 1'],
      [3, restart('a'), '#4 read a at 1 max 10000', 'wake at 10000'],
      [4, read('a', 4, [1, 2, [3, 10_000]], caughtUp), '#5 invoke a/0 [1] window 00:00 {}', 'wake at 1004'],
      [5, succeeded(5, { state: 1 }), '#6 invoke a/0 [2] window 00:00 1'],
      [6, succeeded(6, { state: 3 }), '#7 invoke a/0 [] as 1-2 window 00:00 3 final'],
      [7, succeeded(7, { state: 3 }), '#8 invoke a/0 [3] window 00:10 {}', 'checkpoint a 2'],
    ],
  },
  {
    rule: 'keeps the state from before where the poller loses note of a success',
    settings: { tumblingWindowInSeconds },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, { state: 3 }, { isRegrouped: true }), 'wake at 52'],
      [52, timePassed, '#3 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [
        53,
        succeeded(3, { state: 4 }, { isRedelivered: true }),
        '#4 invoke a/0 [1 2] redelivery window 00:00 {}',
      ],
      [54, succeeded(4, { state: 5 })],
    ],
  },
  {
    rule: 'reads item failures of a window’s batch only where the setting asks for it',
    settings: { tumblingWindowInSeconds },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2] window 00:00 {}', 'wake at 1001'],
      [2, succeeded(2, stateAndReport(7, 2))],
      [3, reported(3, 2)],
    ],
  },
];

describe('createMapping, step by step: tumbling windows', () => {
  it.each(scenarios)('$rule', ({ settings, options, steps, end = {} }) => {
    const stepped = createSteppedMapping(settings, options);
    expect(follow(stepped, steps)).toEqual(steps);
    expect(stepped.mapping.stats()).toMatchObject(end);
  });
});
