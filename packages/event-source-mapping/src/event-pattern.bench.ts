/** What a filter costs a record: each row is to be read as a ratio to parsing the record's data, in the same run. */
import { describe, it } from 'vitest';
import { compilePattern } from './event-pattern.ts';
import { parseWithNumberText } from './json-with-number-text.ts';

const text =
  '{"City":"Seattle","Price":19.5,"User":{"Name":"Alice","Age":30},"Rows":[{"id":"1","v":"a"},{"id":"2","v":"b"}]}';
const event = parseWithNumberText(text) as object;
const oneField = compilePattern('{"City":["Seattle"]}');
const threeFields = compilePattern(
  '{"City":[{"prefix":"Sea"}],"Price":[{"numeric":[">",10]}],"User":{"Name":["Bob"]}}',
);
const inArray = compilePattern('{"Rows":{"id":["1"],"v":["b"]}}');

describe('compilePattern', () => {
  it('costs of one record', async ({ bench }) => {
    await bench.compare(
      bench('parsing the data alone (the reference)', () => parseWithNumberText(text)),
      bench('a pattern of one field', () => oneField.matches(event)),
      bench('a pattern of three fields', () => threeFields.matches(event)),
      bench('a pattern of two fields in an array', () => inArray.matches(event)),
    );
  });
});
