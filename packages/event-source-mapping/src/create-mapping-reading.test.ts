// Goal: every command of the mapping, its time and its order, for each rule about listing and reading shards. Method:
// the test answers by hand; the commands are compared in words, with nothing left out.
import { describe, expect, it } from 'vitest';
import {
  createSteppedMapping,
  follow,
  listed,
  listFailed,
  read,
  readFailed,
  restart,
  type Scenario,
  start,
  stop,
  succeeded,
  timePassed,
} from '../test/step-mapping.ts';
import { sequenceNumber } from '../test/virtual-driver.ts';

const caughtUp = { millisBehindLatest: 0 };

const scenarios: readonly Scenario[] = [
  {
    rule: 'lists the shards, reads, and polls a shard that had nothing more after a second',
    steps: [
      [0, start, 'list shards'],
      [10, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10010'],
      [20, read('a', 1, []), 'wake at 1020', 'idle'],
      [1_019, timePassed],
      [1_020, timePassed, '#2 read a trim-horizon max 10000', 'wake at 10010'],
      [1_030, read('a', 2, [], caughtUp), 'wake at 2030'],
    ],
  },
  {
    rule: 'reads on at once while there is more: by MillisBehindLatest, else after records or a full answer',
    settings: { behaviour: { readLimit: 2 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 2', 'wake at 10000'],
      [1, read('a', 1, [], { millisBehindLatest: 5 }), '#2 read a trim-horizon max 2'],
      [2, read('a', 2, [1]), '#3 invoke a/0 [1]', '#4 read a after 1 max 2'],
      [3, read('a', 4, [2], caughtUp), 'wake at 1003'],
      [1_003, timePassed, '#5 read a after 2 max 2', 'wake at 10000'],
      [1_004, read('a', 5, [3, 4], caughtUp), '#6 read a after 4 max 2'],
      [1_005, read('a', 6, []), 'wake at 2005'],
    ],
  },
  {
    rule: 'asks for no more records than its buffer has room for, and for none above half of it',
    settings: { batchSize: 1, behaviour: { readLimit: 4, bufferedRecordsMax: 4 } },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 4', 'wake at 10000'],
      [1, read('a', 1, [1, 2, 3, 4], { millisBehindLatest: 1 }), '#2 invoke a/0 [1]'],
      [2, succeeded(2), '#3 invoke a/0 [2]', '#4 read a after 4 max 2', 'checkpoint a 1'],
      [3, read('a', 4, [5, 6], { millisBehindLatest: 1 })],
      [4, succeeded(3), '#5 invoke a/0 [3]', 'checkpoint a 2'],
      [5, succeeded(5), '#6 invoke a/0 [4]', '#7 read a after 6 max 2', 'checkpoint a 3'],
      [6, succeeded(6), '#8 invoke a/0 [5]', 'checkpoint a 4'],
    ],
  },
  {
    rule: 'reads again after a back-off that doubles, and begins anew with it after an answer',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [10, readFailed('a', 1, 'unavailable'), 'wake at 60'],
      [60, timePassed, '#2 read a trim-horizon max 10000', 'wake at 10000'],
      [70, readFailed('a', 2, 'unavailable'), 'wake at 170'],
      [170, timePassed, '#3 read a trim-horizon max 10000', 'wake at 10000'],
      [180, read('a', 3, [1], caughtUp), '#4 invoke a/0 [1]', 'wake at 1180'],
      [190, succeeded(4), 'checkpoint a 1', 'idle'],
      [1_180, timePassed, '#5 read a after 1 max 10000', 'wake at 10000'],
      [1_190, readFailed('a', 5, 'unavailable'), 'wake at 1240'],
      [1_240, timePassed, '#6 read a after 1 max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'goes on from the oldest record that is left after a trimmed position, without what it had read before',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], caughtUp), '#2 invoke a/0 [1 2]', 'wake at 1001'],
      [2, succeeded(2), 'checkpoint a 2', 'idle'],
      [1_001, timePassed, '#3 read a after 2 max 10000', 'wake at 10000'],
      [1_002, readFailed('a', 3, 'trimmed'), 'wake at 1052'],
      [1_052, timePassed, '#4 read a trim-horizon max 10000', 'wake at 10000'],
      [1_053, read('a', 4, [2, 3], caughtUp), '#5 invoke a/0 [3]', 'wake at 2053', 'busy'],
      [1_054, succeeded(5), 'checkpoint a 3', 'idle'],
      [2_053, timePassed, '#6 read a after 3 max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'stays at the oldest record that is left until there is one',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1]', 'wake at 1001'],
      [2, succeeded(2), 'checkpoint a 1', 'idle'],
      [1_001, timePassed, '#3 read a after 1 max 10000', 'wake at 10000'],
      [1_002, readFailed('a', 3, 'trimmed'), 'wake at 1052'],
      [1_052, timePassed, '#4 read a trim-horizon max 10000', 'wake at 10000'],
      [1_053, read('a', 4, [], caughtUp), 'wake at 2053'],
      [2_053, timePassed, '#5 read a trim-horizon max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'reads nothing from before its checkpoint where the position after it is trimmed',
    options: { checkpoints: new Map([['a', sequenceNumber(3)]]) },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a after 3 max 10000', 'wake at 10000'],
      [1, readFailed('a', 1, 'trimmed'), 'wake at 51'],
      [51, timePassed, '#2 read a trim-horizon max 10000', 'wake at 10000'],
      [52, read('a', 2, [3, 4], caughtUp), '#3 invoke a/0 [4]', 'wake at 1052'],
      [53, succeeded(3), 'checkpoint a 4', 'idle'],
    ],
  },
  {
    rule: 'begins again at the trim horizon as long as nothing was read',
    settings: { startingPosition: 'LATEST' },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a latest max 10000', 'wake at 10000'],
      [1, read('a', 1, [], caughtUp), 'wake at 1001', 'idle'],
      [1_001, timePassed, '#2 read a latest max 10000', 'wake at 10000'],
      [1_002, readFailed('a', 2, 'trimmed'), 'wake at 1052'],
      [1_052, timePassed, '#3 read a trim-horizon max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'ignores answers that nobody waits for',
    steps: [
      [0, start, 'list shards'],
      [0, read('a', 1, [1])],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('b', 1, [1])],
      [2, read('a', 2, [1])],
      [3, readFailed('a', 2, 'trimmed')],
      [4, succeeded(1)],
      [5, { type: 'delivery-ended', deliveryId: 1, isDelivered: true }],
      [6, { type: 'redeliver', invocationId: 1, delayMs: 0 }],
      [7, restart('b')],
      [8, timePassed],
      [9, read('a', 1, [1], caughtUp), '#2 invoke a/0 [1]', 'wake at 1009'],
      [10, read('a', 1, [1])],
      [11, succeeded(2), 'checkpoint a 1', 'idle'],
      [12, succeeded(2)],
    ],
  },
  {
    rule: 'takes a time that goes back as the latest one seen',
    steps: [
      [1_000, start, 'list shards'],
      [500, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 11000'],
      [900, read('a', 1, [], caughtUp), 'wake at 2000', 'idle'],
      [1_500, timePassed],
      [2_000, timePassed, '#2 read a trim-horizon max 10000', 'wake at 11000'],
    ],
  },
  {
    rule: 'does nothing before the start, and then what it has been told of',
    steps: [
      [0, listed('a')],
      [1, timePassed],
      [2, start, '#1 read a trim-horizon max 10000', 'wake at 10000'],
    ],
  },
  {
    rule: 'lists again after ten seconds, and after a back-off where a listing fails',
    steps: [
      [0, start, 'list shards'],
      [1, listFailed, 'wake at 51'],
      [51, timePassed, 'list shards', 'wake never'],
      [52, listFailed, 'wake at 152'],
      [152, timePassed, 'list shards', 'wake never'],
      [153, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10153'],
      [154, read('a', 1, [], caughtUp), 'wake at 1154', 'idle'],
      [1_154, timePassed, '#2 read a trim-horizon max 10000', 'wake at 10153'],
      [10_153, timePassed, 'list shards', 'wake never'],
      [10_160, timePassed],
      [10_161, listFailed, 'wake at 10211'],
      [10_211, timePassed, 'list shards', 'wake never'],
    ],
  },
  {
    rule: 'drains a parent before its children, and asks for the list when a shard ends',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a!', 'b<a', 'c<b'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1], { isEndOfShard: true }), '#2 invoke a/0 [1]'],
      [
        2,
        succeeded(2),
        'checkpoint a 1',
        'drained a',
        '#3 read b trim-horizon max 10000',
        'list shards',
        'wake never',
      ],
      [3, listed('a!', 'b<a', 'c<b'), 'wake at 10003'],
      [4, read('b', 3, [2], caughtUp), '#4 invoke b/0 [2]', 'wake at 1004'],
      [5, succeeded(4), 'checkpoint b 2'],
    ],
  },
  {
    rule: 'drains both parents before the child of a merge',
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('c<a+b', 'a!', 'b!'),
        '#1 read a trim-horizon max 10000',
        '#2 read b trim-horizon max 10000',
        'wake at 10000',
      ],
      [1, read('a', 1, [], { isEndOfShard: true }), 'drained a', 'list shards', 'wake never'],
      [2, listed('c<a+b', 'a!', 'b!'), 'wake at 10002'],
      [
        3,
        read('b', 2, [], { isEndOfShard: true }),
        'drained b',
        '#3 read c trim-horizon max 10000',
        'list shards',
        'wake never',
      ],
    ],
  },
  {
    rule: 'asks for the list once more when a shard ends while a list is out, which may be older',
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [], caughtUp), 'wake at 1001', 'idle'],
      [1_001, timePassed, '#2 read a trim-horizon max 10000', 'wake at 10000'],
      [10_000, timePassed, 'list shards', 'wake never'],
      [10_001, read('a', 2, [], { isEndOfShard: true }), 'drained a'],
      [10_002, listed('a'), 'list shards'],
      [10_003, listed('a!', 'b<a'), '#3 read b trim-horizon max 10000', 'wake at 20003', 'busy'],
      [10_004, read('b', 3, [], caughtUp), 'wake at 11004', 'idle'],
      [10_005, timePassed],
      [11_004, timePassed, '#4 read b trim-horizon max 10000', 'wake at 20003'],
    ],
  },
  {
    rule: 'forgets drained shards that are no longer listed, and keeps those that are not drained',
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('a!', 'b'),
        '#1 read a trim-horizon max 10000',
        '#2 read b trim-horizon max 10000',
        'wake at 10000',
      ],
      [1, read('a', 1, [], { isEndOfShard: true }), 'drained a', 'list shards', 'wake never'],
      [2, listed('c<a'), '#3 read c trim-horizon max 10000', 'wake at 10002'],
      [3, listed('b', 'c<a'), 'wake at 10003'],
    ],
    end: { shards: [{ shardId: 'b' }, { shardId: 'c' }] },
  },
  {
    rule: 'passes over closed shards under LATEST, and reads later shards from their beginning',
    settings: { startingPosition: 'LATEST' },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('a!', 'b<a', 'c'),
        '#1 read b latest max 10000',
        '#2 read c latest max 10000',
        'wake at 10000',
      ],
      [1, listed('a!', 'b<a', 'c', 'd<c', 'e!'), '#3 read e trim-horizon max 10000', 'wake at 10001'],
    ],
  },
  {
    rule: 'reads the children of a shard that is still open from their beginning under LATEST',
    settings: { startingPosition: 'LATEST' },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('b<a', 'a', 'c<b', 'd<x'),
        '#1 read a latest max 10000',
        '#2 read d latest max 10000',
        'wake at 10000',
      ],
      [
        1,
        read('a', 1, [], { isEndOfShard: true }),
        'drained a',
        '#3 read b trim-horizon max 10000',
        'list shards',
        'wake never',
      ],
      [2, read('b', 3, [], { isEndOfShard: true }), 'drained b', '#4 read c trim-horizon max 10000'],
    ],
  },
  {
    rule: 'begins at a time with AT_TIMESTAMP, in closed shards too',
    settings: { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 12.5 },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('a!', 'b'),
        '#1 read a from 12.5 max 10000',
        '#2 read b from 12.5 max 10000',
        'wake at 10000',
      ],
    ],
  },
  {
    rule: 'goes on after checkpoints, skips the ancestors of what has begun, and begins with the others',
    options: { checkpoints: new Map([['c', sequenceNumber(7)]]) },
    steps: [
      [0, start, 'list shards'],
      [
        0,
        listed('c<b', 'b<a!', 'a!', 'd', 'e<d', 'f<a'),
        '#1 read c after 7 max 10000',
        '#2 read d trim-horizon max 10000',
        '#3 read f trim-horizon max 10000',
        'wake at 10000',
      ],
      [1, read('c', 1, [8], caughtUp), '#4 invoke c/0 [8]', 'wake at 1001'],
      [2, succeeded(4), 'checkpoint c 8'],
    ],
  },
  {
    rule: 'reads again after the checkpoint it was given when the poller is replaced',
    options: { checkpoints: new Map([['a', sequenceNumber(3)]]) },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a after 3 max 10000', 'wake at 10000'],
      [1, restart('a'), '#2 read a after 3 max 10000'],
      [2, read('a', 1, [9])],
      [3, read('a', 2, [4], caughtUp), '#3 invoke a/0 [4]', 'wake at 1003'],
    ],
  },
  {
    rule: 'starts nothing after a stop, and takes the end of what runs',
    settings: { batchSize: 1 },
    steps: [
      [0, start, 'list shards'],
      [0, listed('a'), '#1 read a trim-horizon max 10000', 'wake at 10000'],
      [1, read('a', 1, [1, 2], { millisBehindLatest: 1 }), '#2 invoke a/0 [1]', '#3 read a after 2 max 9999'],
      [2, stop, 'wake never'],
      [3, read('a', 3, [3])],
      [4, succeeded(2), 'checkpoint a 1', 'idle'],
      [10_000, timePassed],
    ],
  },
];

describe('createMapping, step by step: listing and reading', () => {
  it.each(scenarios)('$rule', ({ settings, options, steps, end = {} }) => {
    const stepped = createSteppedMapping(settings, options);
    expect(follow(stepped, steps)).toEqual(steps);
    expect(stepped.mapping.stats()).toMatchObject(end);
  });
});
