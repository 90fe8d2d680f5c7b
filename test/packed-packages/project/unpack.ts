import { deaggregate, readAggregate } from '@oncefold/kinesis-aggregation';
import type { KinesisStreamEvent } from 'aws-lambda';

/** A team whose producer aggregates takes its user records one by one. */
export function unpack(event: KinesisStreamEvent): KinesisStreamEvent {
  return deaggregate(event);
}

export function isAggregate(bytes: Uint8Array): boolean {
  return readAggregate(bytes).code !== 'plain';
}
