import type { DeliverCommand } from '@oncefold/event-source-mapping';
import type { MappingEvent } from './mapping-event.ts';
import { asError } from './stream-source.ts';
import type { UntimedInput } from './untimed-input.ts';

/** A queue that a document can be sent to. */
export interface DestinationQueue {
  readonly queueUrl: string;
  send(document: string): Promise<void>;
}

export interface DeliverDocumentOptions {
  readonly mappingId: string;
  readonly functionId: string;
  /** The queue that a destination's ARN names; undefined when it is none of this application. */
  readonly findQueue?: ((arn: string) => DestinationQueue | undefined) | undefined;
  readonly onEvent: (event: MappingEvent) => void;
}

/** Hands a document to its destination: a queue of the application really gets it, everything else is told of only. */
export async function deliverDocument(
  { deliveryId, destination, body: document, objectKey }: DeliverCommand,
  { mappingId, functionId, findQueue, onEvent }: DeliverDocumentOptions,
): Promise<UntimedInput[]> {
  const queue = findQueue?.(destination.arn);
  try {
    await queue?.send(document);
  } catch (thrown) {
    const { name: errorType, message: errorMessage } = asError(thrown);
    onEvent({ type: 'delivery-failed', mappingId, functionId, destination, errorType, errorMessage });
    return [{ type: 'delivery-ended', deliveryId, isDelivered: false }];
  }
  onEvent({
    type: 'destination-document',
    mappingId,
    functionId,
    destination,
    document,
    ...(objectKey !== undefined && { objectKey }),
    ...(queue !== undefined && { queueUrl: queue.queueUrl }),
  });
  return [{ type: 'delivery-ended', deliveryId, isDelivered: true }];
}
