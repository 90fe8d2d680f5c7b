// Goal: whoever runs a mapping can say why an answer fails its batch although the function has not failed.
// Method: one invocation in flight; each answer is judged first and given to the machine afterwards, which must agree.
import { describe, expect, it } from 'vitest';
import { createSteppedMapping, listed, read, start } from '../test/step-mapping.ts';
import { sequenceNumber } from '../test/virtual-driver.ts';

const functionResponseTypes = ['ReportBatchItemFailures'] as const;
const window = { tumblingWindowInSeconds: 10 };

/** A mapping with the invocation 2 in flight, of the records 1 and 2. */
function invoking(settings: object) {
  const stepped = createSteppedMapping(settings);
  stepped.step(0, start);
  stepped.step(0, listed('a'));
  stepped.step(1, read('a', 1, [1, 2]));
  return stepped;
}

const report = (itemIdentifier: unknown): string =>
  JSON.stringify({ batchItemFailures: [{ itemIdentifier }] });

describe('whyAnswerFails', () => {
  it.each<[string, object, string, string | undefined]>([
    ['any answer where answers mean nothing', {}, 'no JSON', undefined],
    ['no answer', { functionResponseTypes }, '', undefined],
    ['a report of a record', { functionResponseTypes }, report(sequenceNumber(2)), undefined],
    ['a state', window, '{"state":{}}', undefined],
    ['no JSON', { functionResponseTypes }, '{', 'is no JSON'],
    ['a text', { functionResponseTypes }, '"done"', 'is no JSON object'],
    [
      'a list that is none',
      { functionResponseTypes },
      '{"batchItemFailures":"x"}',
      'has batchItemFailures that are no list',
    ],
    [
      'an identifier of no record',
      { functionResponseTypes },
      report('nonsense'),
      'reports an itemIdentifier that is no sequence number of the batch',
    ],
    ['no state in a window', window, '{}', 'has no state, which every answer in a tumbling window needs'],
  ])('judges %s as the machine does', (_, settings, answer, why) => {
    const { mapping, step } = invoking(settings);
    expect(mapping.whyAnswerFails(2, answer)).toBe(why);
    const outcome = { code: 'succeeded', responseText: answer, requestId: 'r' } as const;
    step(2, { type: 'invocation-ended', invocationId: 2, outcome });
    const { recordsSucceeded } = mapping.stats();
    expect(recordsSucceeded > 0).toBe(why === undefined);
  });

  it('says nothing of an invocation that is not in flight', () => {
    expect(invoking(window).mapping.whyAnswerFails(9, '{}')).toBeUndefined();
  });
});
