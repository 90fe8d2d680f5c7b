import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';

/**
 * Says when the records arrived that a batch is done with.
 *
 * A record that failed is delivered again with all that follows it, so those are still waiting.
 *
 * @param event - the batch
 * @param response - what the event source mapping is told
 * @returns approximate arrivals in seconds since the epoch, in the order of the event
 */
export function settledArrivals(
  { Records }: KinesisStreamEvent,
  { batchItemFailures }: KinesisStreamBatchResponse,
): number[] {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const end = Records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
  const settled = end === -1 ? Records : Records.slice(0, end);
  return settled.map(({ kinesis }) => kinesis.approximateArrivalTimestamp);
}
