import type { Batch, CommitRecord } from '@oncefold/commit';
import type { SqsRecord } from './record-identity.ts';

/**
 * Names the messages of a batch that a failed commit did not apply, as far as is known.
 *
 * A message that is reported and was applied after all is delivered again and counts once. One that is not reported is deleted, so
 * what is not known to be applied is reported. A FIFO queue wants all messages behind a failure, too, or they would overtake it.
 *
 * @param pending - the records that are not known to be applied; one that has the id of a pending one is not, either
 * @returns message ids in the order of the batch; none where nothing was applied, so that the invocation must fail
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function partialFailures(
  messages: readonly SqsRecord[],
  { records }: Batch,
  pending: readonly CommitRecord[],
): readonly string[] {
  const ids = new Set(pending.map(({ id }) => id));
  const isPending = records.map(({ id }) => ids.has(id));
  const first = isPending.indexOf(true);
  const isFifo = messages[0]?.eventSourceARN?.endsWith('.fifo') === true;
  const failed = messages.filter((_, index) => (isFifo ? index >= first : isPending[index]));
  return failed.length === messages.length ? [] : failed.map(({ messageId }) => messageId);
}
