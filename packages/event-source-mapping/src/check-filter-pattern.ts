import { compileMessagePattern } from './message-filter.ts';
import { PatternError } from './pattern-error.ts';
import { compileRecordPattern } from './record-filter.ts';

/**
 * Says what is wrong with a filter pattern, as CreateEventSourceMapping would refuse it, before there is a mapping.
 *
 * @param pattern - JSON text
 * @param kind - of the stream or queue; the field with the data of a record or message has another name in each
 * @returns what completes a sentence that begins with the pattern and ends with the place in it, or undefined for a valid pattern
 *
 * @example
 * ```ts
 * import { checkFilterPattern } from '@oncefold/event-source-mapping';
 *
 * checkFilterPattern('{"data":{"City":["Seattle"]}}', 'kinesis'); // => undefined
 * checkFilterPattern('{"data":{"City":[{"exists":"yes"}]}}', 'kinesis'); // => 'needs true or false under exists, at data.City[0].exists'
 * ```
 */
export function checkFilterPattern(
  pattern: string,
  kind: 'kinesis' | 'dynamodb' | 'sqs',
): string | undefined {
  try {
    if (kind === 'sqs') {
      compileMessagePattern(pattern);
    } else {
      compileRecordPattern(pattern, kind);
    }
  } catch (error) {
    if (error instanceof PatternError) {
      return error.message;
    }
    throw error;
  }
  return undefined;
}
