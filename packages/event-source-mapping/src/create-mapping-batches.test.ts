// Goal: every command of the mapping, its time and its order, for each rule about batches and how their invocations end.
// Method: the test answers by hand; the commands are compared in words, with nothing left out.
import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  delivered,
  failed,
  follow,
  listed,
  read,
  redeliver,
  reported,
  restart,
  type Scenario,
  start,
  stop,
  succeeded,
  throttled,
  timePassed,
} from '../test/step-mapping.ts';

const caughtUp = { millisBehindLatest: 0 };
const ended = { isEndOfShard: true };
const queue = { onFailure: { destination: 'arn:aws:sqs:us-east-1:123456789012:failed' } };
const functionResponseTypes = ['ReportBatchItemFailures'] as const;

/** Bytes of an event with so many of the records 1 to 9, which are equally long. */
function eventBytes(count: number): number {
  const record = 519;
  return '{"Records":[]}'.length + count * record + Math.max(0, count - 1);
}

const batching: readonly Scenario[] = [
  {
    rule: 'sends what is there, at most BatchSize at once, the next batch after the end of the last',
    settings: { batchSize: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [2, succeeded(2), '#3 invoke a/0 [3]', 'checkpoint a 2'],
      [3, succeeded(3), 'checkpoint a 3', 'idle'],
    ],
    end: { recordsRead: 3, recordsSucceeded: 3, invocations: 2, failures: 0, recordsFiltered: 0 },
  },
  {
    rule: 'gathers for the batching window of the first record, or until the batch is full',
    settings: { batchSize: 3, maximumBatchingWindowInSeconds: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [100, read('a', 1, [1], caughtUp), 'wake at 1100'],
      [1_100, timePassed, '#2 read a after 1 max 9999', 'wake at 2100'],
      [1_101, read('a', 2, [2], caughtUp)],
      [2_100, timePassed, '#3 invoke a/0 [1 2]', 'wake at 2101'],
      [2_101, timePassed, '#4 read a after 2 max 10000', 'wake at 10000'],
      [2_102, read('a', 4, [3, 4, 5, 6], caughtUp), 'wake at 3102'],
      [2_103, succeeded(3), '#5 invoke a/0 [3 4 5]', 'checkpoint a 2'],
      [2_104, succeeded(5), 'checkpoint a 5'],
      [4_102, timePassed, '#6 invoke a/0 [6]', '#7 read a after 6 max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'does not wait for the batching window when the shard has ended',
    settings: { batchSize: 10, maximumBatchingWindowInSeconds: 300 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], ended), '#2 invoke a/0 [1 2]'],
      [2, succeeded(2), 'checkpoint a 2', 'drained a', 'list shards', 'wake never', 'idle'],
    ],
  },
  {
    rule: 'does not wait for the batching window when no more has room',
    settings: {
      batchSize: 10,
      maximumBatchingWindowInSeconds: 300,
      behaviour: { bufferedRecordsMax: 4, readLimit: 4 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 4', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), 'wake at 1001'],
      [1_001, timePassed, '#2 read a after 2 max 2', 'wake at 10000'],
      [1_002, read('a', 2, [3], caughtUp), '#3 invoke a/0 [1 2 3]', 'wake at 2002'],
      [1_003, succeeded(3), 'checkpoint a 3', 'idle'],
    ],
  },
];

const retries: readonly Scenario[] = [
  {
    rule: 'sends a failed batch again after a back-off that doubles, with nothing of its lane before',
    settings: { batchSize: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, failed(2), 'wake at 60'],
      [59, timePassed],
      [60, timePassed, '#3 invoke a/0 [1 2] retry 1', 'wake at 1001'],
      [70, failed(3), 'wake at 170'],
      [170, timePassed, '#4 invoke a/0 [1 2] retry 2', 'wake at 1001'],
      [180, succeeded(4), '#5 invoke a/0 [3]', 'checkpoint a 2'],
      [190, succeeded(5), 'checkpoint a 3', 'idle'],
    ],
    end: { recordsSucceeded: 3, invocations: 4, failures: 2, throttles: 0 },
  },
  {
    rule: 'gives a batch up when MaximumRetryAttempts are used up',
    settings: { batchSize: 2, maximumRetryAttempts: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, failed(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2] retry 1', 'wake at 1001'],
      [70, failed(3), 'discard a 1-2 RetryAttemptsExhausted (2: 1 2)', '#4 invoke a/0 [3]', 'checkpoint a 2'],
      [80, succeeded(4), 'checkpoint a 3', 'idle'],
    ],
    end: { recordsSucceeded: 1, recordsDiscarded: 2 },
  },
  {
    rule: 'backs off from throttle to throttle without using up a retry, and from the first again after an invocation',
    settings: { maximumRetryAttempts: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [10, throttled(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1]', 'wake at 1001'],
      [70, throttled(3), 'wake at 170'],
      [170, timePassed, '#4 invoke a/0 [1]', 'wake at 1001'],
      [180, failed(4), 'wake at 230'],
      [230, timePassed, '#5 invoke a/0 [1] retry 1', 'wake at 1001'],
      [240, throttled(5), 'wake at 290'],
      [290, timePassed, '#6 invoke a/0 [1] retry 1', 'wake at 1001'],
      [300, failed(6), 'discard a 1-1 RetryAttemptsExhausted (1: 1)', 'checkpoint a 1', 'idle'],
    ],
    end: { throttles: 3, failures: 2 },
  },
  {
    rule: 'halves a failed batch, the larger half first, each after a back-off, until a record is alone',
    settings: { batchSize: 5, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4, 5], caughtUp), '#2 invoke a/0 [1 2 3 4 5]', 'wake at 1001'],
      [10, failed(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2 3]', 'wake at 1001'],
      [70, failed(3), 'wake at 120'],
      [120, timePassed, '#4 invoke a/0 [1 2]', 'wake at 1001'],
      [130, succeeded(4), '#5 invoke a/0 [3]', 'checkpoint a 2'],
      [
        140,
        failed(5),
        'discard a 3-3 RetryAttemptsExhausted (1: 3)',
        '#6 invoke a/0 [4 5]',
        'checkpoint a 3',
      ],
      [150, succeeded(6), 'checkpoint a 5', 'idle'],
    ],
    end: { recordsSucceeded: 4, recordsDiscarded: 1 },
  },
  {
    rule: 'sends a batch of two that fails as two batches of one',
    settings: { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, failed(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1]', 'wake at 1001'],
      [70, succeeded(3), '#4 invoke a/0 [2]', 'checkpoint a 1'],
      [80, failed(4), 'wake at 130'],
      [130, timePassed, '#5 invoke a/0 [2] retry 1', 'wake at 1001'],
      [140, failed(5), 'discard a 2-2 RetryAttemptsExhausted (1: 2)', 'checkpoint a 2', 'idle'],
    ],
  },
];

const partialResponses: readonly Scenario[] = [
  {
    rule: 'checkpoints before the lowest reported record and sends it and what follows again, as one retry',
    settings: { functionResponseTypes, maximumRetryAttempts: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4], caughtUp), '#2 invoke a/0 [1 2 3 4]', 'wake at 1001'],
      [10, reported(2, 4, 3), 'checkpoint a 2', 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [3 4] retry 1', 'wake at 1001'],
      [70, reported(3, 4), 'discard a 4-4 RetryAttemptsExhausted (1: 4)', 'checkpoint a 4', 'idle'],
    ],
    end: { recordsSucceeded: 3, recordsDiscarded: 1, failures: 0 },
  },
  {
    rule: 'takes a report of the first record for a failure of all',
    settings: { functionResponseTypes, maximumRetryAttempts: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, reported(2, 1), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2] retry 1', 'wake at 1001'],
      [70, succeeded(3), 'checkpoint a 2', 'idle'],
    ],
  },
  {
    rule: 'splits at the reported record with bisect, without using up a retry, and halves what is reported whole',
    settings: { functionResponseTypes, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4, 5], caughtUp), '#2 invoke a/0 [1 2 3 4 5]', 'wake at 1001'],
      [10, reported(2, 3), 'checkpoint a 2', 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [3 4 5]', 'wake at 1001'],
      [70, reported(3, 3), 'wake at 120'],
      [120, timePassed, '#4 invoke a/0 [3 4]', 'wake at 1001'],
      [130, succeeded(4, { batchItemFailures: [{ itemIdentifier: '' }] }), 'wake at 180'],
      [180, timePassed, '#5 invoke a/0 [3]', 'wake at 1001'],
      [
        190,
        reported(5, 3),
        'discard a 3-3 RetryAttemptsExhausted (1: 3)',
        '#6 invoke a/0 [4]',
        'checkpoint a 3',
      ],
      [200, succeeded(6), '#7 invoke a/0 [5]', 'checkpoint a 4'],
      [210, succeeded(7), 'checkpoint a 5', 'idle'],
    ],
  },
  {
    rule: 'sends a batch again whole, as a retry, where a report of its first record is chosen to split nothing',
    settings: {
      functionResponseTypes,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
      behaviour: { reportAtFirstRecord: 'retry-whole' },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, reported(2, 1), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2] retry 1', 'wake at 1001'],
      [70, reported(3, 1), 'discard a 1-2 RetryAttemptsExhausted (2: 1 2)', 'checkpoint a 2', 'idle'],
    ],
  },
  {
    rule: 'begins to count retries anew after progress where that is chosen',
    settings: {
      functionResponseTypes,
      maximumRetryAttempts: 2,
      behaviour: { retriesAfterProgress: 'restart' },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1 2 3]', 'wake at 1001'],
      [10, failed(2), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2 3] retry 1', 'wake at 1001'],
      [70, failed(3), 'wake at 170'],
      [170, timePassed, '#4 invoke a/0 [1 2 3] retry 2', 'wake at 1001'],
      [180, reported(4, 2), 'checkpoint a 1', 'wake at 230'],
      [230, timePassed, '#5 invoke a/0 [2 3]', 'wake at 1001'],
      [240, failed(5), 'wake at 290'],
    ],
  },
  {
    rule: 'takes an answer that is not JSON for a failure, and an empty one for success',
    settings: { functionResponseTypes },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [
        10,
        { type: 'invocation-ended', invocationId: 2, outcome: { code: 'succeeded', responseText: '{' } },
        'wake at 60',
      ],
      [60, timePassed, '#3 invoke a/0 [1] retry 1', 'wake at 1001'],
      [
        70,
        { type: 'invocation-ended', invocationId: 3, outcome: { code: 'succeeded', responseText: '' } },
        'checkpoint a 1',
        'idle',
      ],
    ],
    end: { recordsSucceeded: 1, failures: 0 },
  },
  {
    rule: 'reads no answer where the setting does not ask for it',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, reported(2, 1), 'checkpoint a 2', 'idle'],
    ],
  },
];

const expiry: readonly Scenario[] = [
  {
    rule: 'gives up the records that are older than the limit, and sends the others',
    settings: { maximumRecordAgeInSeconds: 60 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read(
          'a',
          1,
          [
            [1, -60_000],
            [2, -59_999],
            [3, -70_000],
            [4, 0],
          ],
          caughtUp,
        ),
        'discard a 1-3 RecordAgeExceeded (2: 1 3)',
        '#2 invoke a/0 [2 4]',
        'checkpoint a 1',
        'wake at 1001',
      ],
      [2, succeeded(2), 'checkpoint a 4', 'idle'],
    ],
    end: { recordsDiscarded: 2, recordsSucceeded: 2 },
  },
  {
    rule: 'gives a batch up between two retries when all of it is too old, and counts from the end of a coarse time',
    settings: {
      maximumRecordAgeInSeconds: 60,
      behaviour: { arrivalResolutionMs: 10, backoffBaseMs: 120_000, backoffLimitMs: 120_000 },
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read(
          'a',
          1,
          [
            [1, 0],
            [2, 1],
          ],
          caughtUp,
        ),
        '#2 invoke a/0 [1 2]',
        'wake at 1001',
      ],
      [10, failed(2)],
      [
        60_010,
        timePassed,
        '#3 invoke a/0 [1 2] retry 1',
        '#4 read a after 2 max 10000',
        'list shards',
        'wake never',
      ],
      [60_011, failed(3), 'wake at 120011'],
      [
        120_011,
        timePassed,
        'discard a 1-2 RecordAgeExceeded (2: 1 2)',
        'checkpoint a 2',
        'wake never',
        'idle',
      ],
    ],
  },
];

const payloads: readonly Scenario[] = [
  {
    rule: 'fills an event to exactly the payload limit, and sends it once the next record does not fit',
    settings: { maximumBatchingWindowInSeconds: 2, behaviour: { payloadBytesMax: eventBytes(2) } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), 'wake at 1001'],
      [1_001, timePassed, '#2 read a after 2 max 9998', 'wake at 2001'],
      [1_002, read('a', 2, [3, 4, 5], caughtUp), '#3 invoke a/0 [1 2]', 'wake at 2002'],
      [1_003, succeeded(3), '#4 invoke a/0 [3 4]', 'checkpoint a 2'],
      [1_004, succeeded(4), 'checkpoint a 4'],
    ],
  },
  {
    rule: 'sends one record less where it would be one byte too much',
    settings: { maximumBatchingWindowInSeconds: 2, behaviour: { payloadBytesMax: eventBytes(2) - 1 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [2, succeeded(2), 'checkpoint a 1'],
      [2_001, timePassed, '#3 invoke a/0 [2]', '#4 read a after 2 max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'gives up a record that is too large for an event of its own, wherever it stands',
    settings: { maximumBatchingWindowInSeconds: 2, behaviour: { payloadBytesMax: eventBytes(2) } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], { millisBehindLatest: 1 }), '#2 read a after 1 max 9999', 'wake at 2001'],
      [
        2,
        read('a', 2, [2], { millisBehindLatest: 1, key: 'k'.repeat(1_000) }),
        '#3 invoke a/0 [1]',
        '#4 read a after 2 max 9999',
        'wake at 10000',
      ],
      [3, read('a', 4, [3], { millisBehindLatest: 1, key: 'k'.repeat(1_000) }), '#5 read a after 3 max 9998'],
      [4, read('a', 5, [4], caughtUp), 'wake at 1004'],
      [
        5,
        succeeded(3),
        'discard a 2-2 PayloadTooLarge (1: 2)',
        'discard a 3-3 PayloadTooLarge (1: 3)',
        'checkpoint a 3',
      ],
      [2_004, timePassed, '#6 invoke a/0 [4]', '#7 read a after 4 max 10000', 'wake at 10000'],
    ],
    end: { recordsDiscarded: 2 },
  },
  {
    rule: 'sends what a batch that was cut anew has too much after it',
    settings: { batchSize: 4, behaviour: { retryGrouping: 'recut', payloadBytesMax: eventBytes(3) } },
    options: { random: () => 0.75 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, 2], { millisBehindLatest: 1 }),
        '#2 invoke a/0 [1 2]',
        '#3 read a after 2 max 10000',
      ],
      [2, read('a', 3, [3, 4, 5], caughtUp), 'wake at 1002'],
      [10, failed(2), 'wake at 85'],
      [85, timePassed, '#4 invoke a/0 [1 2 3] retry 1', 'wake at 1002'],
      [86, succeeded(4), '#5 invoke a/0 [4 5] retry 1', 'checkpoint a 3'],
      [87, succeeded(5), 'checkpoint a 5', 'idle'],
    ],
  },
  {
    rule: 'reads on while half of the buffer’s bytes is free',
    settings: { batchSize: 1, behaviour: { bufferedBytesMax: 4 * (eventBytes(1) - eventBytes(0)) } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, 2, 3], { millisBehindLatest: 1 }),
        '#2 invoke a/0 [1]',
        '#3 read a after 3 max 9998',
      ],
      [2, read('a', 3, [4], { millisBehindLatest: 1 })],
      [3, succeeded(2), '#4 invoke a/0 [2]', '#5 read a after 4 max 9998', 'checkpoint a 1'],
    ],
  },
  {
    rule: 'reads nothing while more than half of the buffer’s bytes is taken',
    settings: { batchSize: 1, behaviour: { bufferedBytesMax: 4 * (eventBytes(1) - eventBytes(0)) - 1 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], { millisBehindLatest: 1 }), '#2 invoke a/0 [1]'],
      [2, succeeded(2), '#3 invoke a/0 [2]', '#4 read a after 3 max 9999', 'checkpoint a 1'],
    ],
  },
];

const lanes: readonly Scenario[] = [
  {
    rule: 'runs a batch in each lane, and checkpoints before the oldest record that is not done with',
    settings: { parallelizationFactor: 2, batchSize: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, 2, 3], { millisBehindLatest: 1, key: 'x' }),
        '#2 invoke a/1 [1 2]',
        '#3 read a after 3 max 9999',
      ],
      [2, read('a', 3, [4, 5], { ...caughtUp, key: 'y' }), '#4 invoke a/0 [4 5]', 'wake at 1002'],
      [3, succeeded(4)],
      [4, failed(2), 'wake at 54'],
      [54, timePassed, '#5 invoke a/1 [1 2] retry 1', 'wake at 1002'],
      [55, reported(5, 1), '#6 invoke a/1 [3]', 'checkpoint a 2'],
      [56, succeeded(6), 'checkpoint a 5', 'idle'],
    ],
    end: { invocations: 4 },
  },
  {
    rule: 'lets one lane go on while another waits for the destination',
    settings: {
      parallelizationFactor: 2,
      batchSize: 1,
      maximumRetryAttempts: 0,
      destinationConfig: queue,
    },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1], { millisBehindLatest: 1, key: 'x' }),
        '#2 invoke a/1 [1]',
        '#3 read a after 1 max 10000',
      ],
      [2, read('a', 3, [2, 3], { ...caughtUp, key: 'y' }), '#4 invoke a/0 [2]', 'wake at 1002'],
      [3, failed(2), 'discard a 1-1 RetryAttemptsExhausted (1: 1)', '#5 deliver to sqs for a'],
      [4, succeeded(4), '#6 invoke a/0 [3]'],
      [5, succeeded(6)],
      [6, delivered(5, true), 'checkpoint a 3', 'idle'],
    ],
  },
];

const redeliveries: readonly Scenario[] = [
  {
    rule: 'delivers a batch again at once when the service loses note of its success, before anything later',
    settings: { batchSize: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [
        10,
        succeeded(2, undefined, { isRedelivered: true }),
        '#3 invoke a/0 [1] redelivery',
        'checkpoint a 1',
      ],
      [20, failed(3), '#4 invoke a/0 [2]'],
      [30, succeeded(4), 'checkpoint a 2', 'idle'],
    ],
    end: { redeliveries: 1, invocations: 3, failures: 1, recordsSucceeded: 2 },
  },
  {
    rule: 'takes a remembered batch at its lane’s next turn, and another one beside the lane when its time has come',
    settings: { batchSize: 1, behaviour: { rememberedBatchesMax: 2 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [10, succeeded(2), '#3 invoke a/0 [2]', 'checkpoint a 1'],
      [20, succeeded(3), '#4 invoke a/0 [3]', 'checkpoint a 2'],
      [30, redeliver(2, 0)],
      [31, redeliver(3, 50), 'wake at 81'],
      [32, redeliver(2, 0)],
      [40, succeeded(4), '#5 invoke a/0 [1] redelivery', 'checkpoint a 3'],
      [50, throttled(5), '#6 invoke a/0 [4]'],
      [80, timePassed],
      [81, timePassed, '#7 invoke a/0 [2] redelivery', 'wake at 1001'],
      [90, succeeded(6), 'checkpoint a 4'],
      [100, failed(7), 'idle'],
      [105, redeliver(2, 0)],
      [110, redeliver(6, 0), '#8 invoke a/0 [4] redelivery', 'busy'],
      [111, redeliver(4, 10), 'wake at 121'],
      [112, redeliver(6, 20)],
      [113, redeliver(6, 20)],
      [114, succeeded(8)],
      [121, timePassed, '#9 invoke a/0 [3] redelivery', 'wake at 132'],
      [122, succeeded(9)],
      [132, timePassed, '#10 invoke a/0 [4] redelivery', 'wake at 1001'],
      [133, succeeded(10), 'idle'],
    ],
    end: { redeliveries: 5, throttles: 1, failures: 1, recordsSucceeded: 4 },
  },
  {
    rule: 'remembers nothing unless told to',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [10, succeeded(2), 'checkpoint a 1', 'idle'],
      [20, redeliver(2, 0)],
    ],
  },
  {
    rule: 'cuts the records anew when the poller loses note of their success, without using up a retry',
    settings: { batchSize: 4, maximumRetryAttempts: 0 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4, 5], caughtUp), '#2 invoke a/0 [1 2 3 4]', 'wake at 1001'],
      [10, succeeded(2, undefined, { isRegrouped: true }), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2 3]', 'wake at 1001'],
      [70, succeeded(3), '#4 invoke a/0 [4]', 'checkpoint a 3'],
      [80, succeeded(4), '#5 invoke a/0 [5]', 'checkpoint a 4'],
      [90, succeeded(5), 'checkpoint a 5', 'idle'],
    ],
    end: { recordsSucceeded: 5, failures: 0 },
  },
  {
    rule: 'cuts a failed batch anew once where asked, as a retry',
    settings: { batchSize: 4, maximumRetryAttempts: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4], caughtUp), '#2 invoke a/0 [1 2 3 4]', 'wake at 1001'],
      [10, failed(2, { isRegrouped: true }), 'wake at 60'],
      [60, timePassed, '#3 invoke a/0 [1 2 3] retry 1', 'wake at 1001'],
      [70, failed(3), 'wake at 170'],
      [170, timePassed, '#4 invoke a/0 [1 2 3] retry 2', 'wake at 1001'],
      [180, succeeded(4), '#5 invoke a/0 [4] retry 1', 'checkpoint a 3'],
      [190, succeeded(5), 'checkpoint a 4', 'idle'],
    ],
  },
  {
    rule: 'adds fresh records to a retried batch where that is chosen',
    settings: { batchSize: 4, behaviour: { retryGrouping: 'recut' } },
    options: { random: () => 0.75 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [10, failed(2), 'wake at 85'],
      [1_001, timePassed, '#3 invoke a/0 [1 2] retry 1', '#4 read a after 2 max 10000', 'wake at 10000'],
      [1_002, read('a', 4, [3, 4, 5], caughtUp), 'wake at 2002'],
      [1_003, failed(3), 'wake at 1153'],
      [1_153, timePassed, '#5 invoke a/0 [1 2 3 4] retry 2', 'wake at 2002'],
      [1_163, succeeded(5), '#6 invoke a/0 [5]', 'checkpoint a 4'],
      [1_173, succeeded(6), 'checkpoint a 5', 'idle'],
    ],
  },
];

const restarts: readonly Scenario[] = [
  {
    rule: 'reads again after the checkpoint when the poller is replaced, and ignores the zombie and the old read',
    settings: { batchSize: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [
        1,
        read('a', 1, [1, 2, 3], { millisBehindLatest: 1 }),
        '#2 invoke a/0 [1 2]',
        '#3 read a after 3 max 9999',
      ],
      [2, succeeded(2), '#4 invoke a/0 [3]', 'checkpoint a 2'],
      [3, restart('a'), '#5 read a after 2 max 10000'],
      [4, read('a', 3, [4])],
      [5, succeeded(4)],
      [6, read('a', 5, [3, 4], caughtUp), '#6 invoke a/0 [3 4]', 'wake at 1006'],
      [7, succeeded(6), 'checkpoint a 4', 'idle'],
    ],
    end: { recordsSucceeded: 4, recordsRead: 5 },
  },
  {
    rule: 'goes back where asked, and reports the checkpoint on the way forward again',
    settings: { batchSize: 2 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [2, succeeded(2), 'checkpoint a 2', 'idle'],
      [3, restart('a', 1), '#3 read a after 1 max 10000', 'wake at 10000', 'busy'],
      [4, read('a', 3, [2], caughtUp), '#4 invoke a/0 [2]', 'wake at 1004'],
      [5, succeeded(4), 'checkpoint a 2', 'idle'],
    ],
  },
  {
    rule: 'begins at the first record it ever read as long as nothing was done with',
    settings: { startingPosition: 'LATEST' },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a latest max 10000', 'wake at 10000'],
      [1, read('a', 1, [7, 8], caughtUp), '#2 invoke a/0 [7 8]', 'wake at 1001'],
      [2, restart('a'), '#3 read a at 7 max 10000', 'wake at 10000'],
      [3, read('a', 3, [7, 8], caughtUp), '#4 invoke a/0 [7 8]', 'wake at 1003'],
      [4, succeeded(4), 'checkpoint a 8', 'idle'],
    ],
  },
  {
    rule: 'begins where it began as long as nothing was read, and leaves a drained shard drained',
    settings: { startingPosition: 'LATEST' },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a', 'b'), '#1 read a latest max 10000', '#2 read b latest max 10000', 'wake at 10000'],
      [1, restart('a'), '#3 read a latest max 10000'],
      [2, read('b', 2, [], ended), 'drained b', 'list shards', 'wake never'],
      [3, restart('b')],
      [4, read('a', 3, [], ended), 'drained a', 'idle'],
    ],
  },
  {
    rule: 'forgets a running document with its poller, reads a shard that had ended again, and keeps late redeliveries',
    settings: {
      batchSize: 1,
      maximumRetryAttempts: 0,
      destinationConfig: queue,
      behaviour: { rememberedBatchesMax: 1 },
    },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('a', 'b'),
        '#1 read a trim-horizon max 10000',
        '#2 read b trim-horizon max 10000',
        'wake at 10000',
      ],
      [1, read('a', 1, [1, 2], ended), '#3 invoke a/0 [1]'],
      [2, read('b', 2, [3], caughtUp), '#4 invoke b/0 [3]', 'wake at 1002'],
      [3, succeeded(3), '#5 invoke a/0 [2]', 'checkpoint a 1'],
      [4, redeliver(3, 10), 'wake at 14'],
      [5, failed(5), 'discard a 2-2 RetryAttemptsExhausted (1: 2)', '#6 deliver to sqs for a'],
      [14, timePassed, '#7 invoke a/0 [1] redelivery', 'wake at 1002'],
      [15, restart('a'), '#8 read a after 1 max 10000'],
      [16, delivered(6, true)],
      [17, succeeded(4), 'checkpoint b 3'],
      [18, read('a', 8, [2], ended), '#9 invoke a/0 [2]'],
      [19, succeeded(9), 'checkpoint a 2', 'drained a', 'list shards'],
      [20, succeeded(7), 'idle'],
    ],
  },
];

const destinations: readonly Scenario[] = [
  {
    rule: 'waits with its lane for the destination, offers a document three times, and counts one that is lost',
    settings: { batchSize: 1, maximumRetryAttempts: 0, destinationConfig: queue },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [10, failed(2), 'discard a 1-1 RetryAttemptsExhausted (1: 1)', '#3 deliver to sqs for a'],
      [20, delivered(3, false), 'wake at 70'],
      [69, timePassed],
      [70, timePassed, '#4 deliver to sqs for a', 'wake at 1001'],
      [80, delivered(4, false), 'wake at 180'],
      [180, timePassed, '#5 deliver to sqs for a', 'wake at 1001'],
      [190, delivered(5, false), '#6 invoke a/0 [2]', 'checkpoint a 1'],
      [200, failed(6), 'discard a 2-2 RetryAttemptsExhausted (1: 2)', '#7 deliver to sqs for a'],
      [210, delivered(7, true), '#8 invoke a/0 [3]', 'checkpoint a 2'],
      [211, delivered(7, true)],
      [220, succeeded(8), 'checkpoint a 3', 'idle'],
    ],
    end: { deliveries: 1, deliveriesLost: 1, recordsDiscarded: 2 },
  },
  {
    rule: 'keeps a batch that would be given up after a stop, before its checkpoint',
    settings: { batchSize: 1, maximumRetryAttempts: 0, destinationConfig: queue },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [2, stop, 'wake never'],
      [3, failed(2), 'idle'],
    ],
    end: { recordsDiscarded: 0 },
  },
];

describe.each([
  ['batching', batching],
  ['retries', retries],
  ['partial batch responses', partialResponses],
  ['record age', expiry],
  ['payload limit', payloads],
  ['parallelization', lanes],
  ['redelivery', redeliveries],
  ['replaced pollers', restarts],
  ['on-failure destination', destinations],
])('createMapping, step by step: %s', (_name, scenarios) => {
  it.each(scenarios)('$rule', ({ settings, options, steps, end = {} }) => {
    const stepped = createSteppedMapping(settings, options);
    expect(follow(stepped, steps)).toEqual(steps);
    expect(stepped.mapping.stats()).toMatchObject(end);
  });
});
