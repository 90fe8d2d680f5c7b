import { formatCounted } from '@oncefold/comparison/format-number';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import { printable } from '../terminal/printable.ts';

/** How many documents one on-failure destination has got, or would have got if it existed here. */
export interface DestinationCount {
  readonly kind: 'sqs' | 'sns' | 's3';
  readonly arn: string;
  readonly documents: number;
  /** Whether they were really sent: to a queue of the template. */
  readonly isSent: boolean;
}

/** What on-failure destinations have got, or would have got. */
export interface DestinationLog {
  note(event: RuntimeEvent): void;
  counts(): readonly DestinationCount[];
}

const names = { sqs: 'queue', sns: 'topic', s3: 'bucket' } as const;
/** Longer documents, of buckets, are cut: they carry whole batches. */
const DOCUMENT_LENGTH_MAX = 4_000;

/** Shows each document for an on-failure destination, whole, and counts them. */
export function createDestinationLog(write: (line: string) => void): DestinationLog {
  const counts = new Map<string, DestinationCount>();
  return {
    note(event) {
      if (event.type !== 'destination-document') {
        return;
      }
      const { kind, arn } = event.destination;
      const isSent = event.queueUrl !== undefined;
      counts.set(arn, { kind, arn, documents: (counts.get(arn)?.documents ?? 0) + 1, isSent });
      const key = event.objectKey === undefined ? '' : ` as ${event.objectKey}`;
      const document =
        event.document.length > DOCUMENT_LENGTH_MAX
          ? `${event.document.slice(0, DOCUMENT_LENGTH_MAX)}… (${formatCounted(event.document.length, 'character')})`
          : event.document;
      write(
        printable(`${event.functionId} gave up a batch; to the ${names[kind]} ${arn}${key}: ${document}`),
      );
    },
    counts: () => [...counts.values()],
  };
}
