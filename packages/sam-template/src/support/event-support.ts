import { QUEUE_EVENT, STREAM_EVENT } from './mapping-properties.ts';
import type { PropertySupports } from './property-support.ts';

/** A type of SAM event that becomes an event source mapping. */
export interface EventSupport {
  readonly kind: 'kinesis' | 'dynamodb' | 'sqs';
  /** Property that holds the ARN of the source. */
  readonly sourceProperty: string;
  readonly support: PropertySupports;
}

/** Types of SAM events that run; any other is refused. */
export const EVENTS: ReadonlyMap<string, EventSupport> = new Map<string, EventSupport>([
  ['DynamoDB', { kind: 'dynamodb', sourceProperty: 'Stream', support: STREAM_EVENT }],
  ['Kinesis', { kind: 'kinesis', sourceProperty: 'Stream', support: STREAM_EVENT }],
  ['SQS', { kind: 'sqs', sourceProperty: 'Queue', support: QUEUE_EVENT }],
]);
