import { buildPayload, isoSeconds, type WindowFields } from './event-payload.ts';
import { type Machine, randomUuid } from './machine.ts';
import type { BufferedRecord } from './record-queue.ts';
import type { Batch, PendingDelivery, ShardState } from './shard-state.ts';
import type { DeliverCommand, DiscardCondition } from './types.ts';

/** What is given up, and why. */
export interface Discarded {
  readonly batch: Batch;
  readonly condition: DiscardCondition;
  /** First and last record, or those of the window where its last event has none. */
  readonly first: BufferedRecord;
  readonly last: BufferedRecord;
  readonly window: WindowFields | undefined;
}

/**
 * Writes what the on-failure destination gets: metadata for SQS and SNS, with the whole event for S3.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function createDelivery(
  machine: Machine,
  shard: ShardState,
  destination: DeliverCommand['destination'],
  discarded: Discarded,
): PendingDelivery {
  const metadata = batchMetadata(machine, shard, discarded);
  const isWhole = destination.kind === 's3';
  const payload = isWhole ? { payload: buildPayload(discarded.batch.records, discarded.window).json } : {};
  return {
    firstRecord: discarded.first,
    command: {
      type: 'deliver',
      shardId: shard.shardId,
      destination,
      body: JSON.stringify({ ...metadata, ...payload }),
      ...(isWhole && { objectKey: objectKey(machine, shard) }),
    },
    deliveryId: undefined,
    attempts: 0,
    notBeforeMs: machine.now,
  };
}

function batchMetadata(machine: Machine, shard: ShardState, discarded: Discarded): object {
  const { settings } = machine;
  const { batch, first, last } = discarded;
  const isKinesis = settings.source.kind === 'kinesis';
  const time = isKinesis ? isoMilliseconds : isoSeconds;
  return {
    requestContext: {
      requestId: batch.lastRequestId ?? randomUuid(machine.random),
      functionArn: settings.functionArn,
      condition: discarded.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    // Records that never reached the function have no response.
    ...(batch.invokeCount > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: batch.lastFunctionError,
      },
    }),
    version: '1.0',
    timestamp: isoMilliseconds(machine.now),
    [isKinesis ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId: shard.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: time(first.arrivalMs),
      approximateArrivalOfLastRecord: time(last.arrivalMs),
      batchSize: batch.records.length,
      streamArn: settings.source.arn,
    },
  };
}

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>`. */
function objectKey(machine: Machine, shard: ShardState): string {
  const time = isoSeconds(machine.now).slice(0, 19);
  const day = time.slice(0, 10).replaceAll('-', '/');
  const name = `${time.replaceAll(':', '.')}-${randomUuid(machine.random)}`;
  return `aws/lambda/${machine.mappingId}/${shard.shardId}/${day}/${name}`;
}

function isoMilliseconds(ms: number): string {
  return new Date(ms).toISOString();
}
