import { decodeBase64 } from './base64.ts';
import { compileFilters } from './compile-filters.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { compilePattern, type EventPattern } from './event-pattern.ts';
import type { DynamoDbEventRecord } from './event-types.ts';
import { parseWithNumberText } from './json-with-number-text.ts';
import { PatternError } from './pattern-error.ts';
import type { FilterPattern } from './settings-types.ts';
import type { KinesisSourceRecord } from './types.ts';

/** Says which records a mapping's filters let through. */
export interface RecordFilter {
  passesKinesis(record: KinesisSourceRecord): boolean;
  passesDynamoDb(record: DynamoDbEventRecord): boolean;
}

interface Pattern {
  readonly matches: EventPattern['matches'];
  readonly hasData: boolean;
}

/**
 * Makes the filter of a mapping; a record passes when it matches one of the patterns.
 *
 * Kinesis patterns look at the record's own fields (`partitionKey`, …) and at `data`, decoded from base64 and parsed;
 * with a pattern on `data`, data that is not JSON is dropped. DynamoDB patterns look at the whole record; numbers of
 * an item are text there, so `numeric` does not match them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
export function createRecordFilter(
  filters: readonly FilterPattern[],
  kind: 'kinesis' | 'dynamodb',
): RecordFilter | undefined {
  if (filters.length === 0) {
    return undefined;
  }
  const patterns = compileFilters(filters, (pattern) => compileRecordPattern(pattern, kind));
  const needsData = patterns.some(({ hasData }) => hasData);
  return {
    passesKinesis(record) {
      const data = needsData ? parseData(record.Data) : undefined;
      const view = {
        kinesisSchemaVersion: '1.0',
        partitionKey: record.PartitionKey,
        sequenceNumber: record.SequenceNumber,
        data: data?.value,
        approximateArrivalTimestamp: secondsOf(record.ApproximateArrivalTimestamp),
      };
      return patterns.some(({ matches, hasData }) => (!hasData || data !== undefined) && matches(view));
    },
    passesDynamoDb: (record) => patterns.some(({ matches }) => matches(record)),
  };
}

export function compileRecordPattern(text: string, kind: 'kinesis' | 'dynamodb'): Pattern {
  const { names, matches } = compilePattern(text);
  const dataField = kind === 'kinesis' ? 'data' : 'dynamodb';
  if (names.includes(dataField)) {
    throw new PatternError([dataField], 'needs an object, not a list');
  }
  return { matches, hasData: names.some((name) => name.startsWith(`${dataField}.`)) };
}

function secondsOf(time: KinesisSourceRecord['ApproximateArrivalTimestamp']): number | undefined {
  return typeof time === 'object' ? time.getTime() / 1000 : time;
}

/** The parsed data, or undefined where it is not JSON in UTF-8. */
function parseData(data: Uint8Array | string | undefined): { readonly value: unknown } | undefined {
  const bytes = typeof data === 'string' ? decodeBase64(data) : data;
  const text = bytes && decodeUtf8(bytes);
  try {
    return { value: parseWithNumberText(text ?? '') };
  } catch {
    // Not JSON.
  }
  return undefined;
}
