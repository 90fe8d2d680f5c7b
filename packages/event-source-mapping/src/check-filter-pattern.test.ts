import { describe, expect, it } from 'vitest';
import { checkFilterPattern } from './check-filter-pattern.ts';

describe('checkFilterPattern', () => {
  it('says what is wrong with a pattern and where, or nothing', () => {
    expect(checkFilterPattern('{"data":{"City":["Seattle"]}}', 'kinesis')).toBeUndefined();
    expect(checkFilterPattern('{"data":["Seattle"]}', 'dynamodb')).toBeUndefined();
    expect(checkFilterPattern('{"data":["Seattle"]}', 'kinesis')).toBe(
      'needs an object, not a list, at data',
    );
    expect(checkFilterPattern('{"data":{"City":[{"exists":1}]}}', 'kinesis')).toBe(
      'needs true or false under exists, at data.City[0].exists',
    );
    expect(checkFilterPattern('', 'dynamodb')).toBe('is not JSON');
    expect(checkFilterPattern('{"body":["paid"]}', 'sqs')).toBeUndefined();
    expect(checkFilterPattern('{"body":"paid"}', 'sqs')).toBe(
      'must have a list of rules or an object for each field, at body',
    );
  });

  it('does not take another error for one of the pattern', () => {
    const noText = undefined as unknown as string;
    expect(() => checkFilterPattern(noText, 'kinesis')).toThrow(TypeError);
  });
});
