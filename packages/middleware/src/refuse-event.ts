import { StrategyError } from '@oncefold/commit';

const QUEUE = 'send it to an SQS queue first, and give the function the queue';
const BY_HAND =
  'call commitBatch of @oncefold/commit with ledger, and name each record by topic, partition and offset';

/** What is read of an event of any service. */
interface AnyEvent {
  readonly Records?: unknown;
  readonly eventSource?: unknown;
  readonly requestContext?: unknown;
  readonly 'detail-type'?: unknown;
}

/**
 * Says that an event is none that is taken, by the name of its service, and what to do instead.
 *
 * @param index - the record that is at fault; absent: the event has no list of records
 */
export function refuseEvent(event: unknown, index?: number): StrategyError {
  const place = index === undefined ? 'Records' : `Records[${index}]`;
  const service = nameOf((event ?? {}) as AnyEvent, index ?? 0);
  if (service === undefined) {
    return new StrategyError(`${place}: not a record of Kinesis, DynamoDB Streams or SQS`, {
      recordIndex: index,
    });
  }
  const remedy = /kafka/i.test(service) ? BY_HAND : QUEUE;
  return new StrategyError(`${place}: events of ${service} are not taken: ${remedy}`, {
    recordIndex: index,
    remedy,
  });
}

/** Kafka names itself beside its records, SNS in another spelling than the others. */
function nameOf(event: AnyEvent, index: number): string | undefined {
  const record: unknown = Array.isArray(event.Records) ? event.Records[index] : undefined;
  const { eventSource, EventSource } = (record ?? {}) as { eventSource?: unknown; EventSource?: unknown };
  const named = eventSource ?? EventSource ?? event.eventSource;
  if (typeof named === 'string') {
    return named;
  }
  if (event.requestContext !== undefined) {
    return 'API Gateway';
  }
  return event['detail-type'] === undefined ? undefined : 'EventBridge';
}
