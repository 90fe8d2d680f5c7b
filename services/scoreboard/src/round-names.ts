import type { SQSEvent } from 'aws-lambda';

/** A message names no round; it is delivered again, and ends in the dead-letter queue. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
  readonly code = 'unreadable-message';
}

/**
 * Reads which rounds are to be judged.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html for what a destination gets
 */
export function roundNames(event: SQSEvent): readonly string[] {
  return event.Records.map(({ body }) => {
    const name = nameIn(body);
    if (name === undefined) {
      throw new UnreadableMessageError('A message of the queue names no round.');
    }
    return name;
  });
}

function nameIn(body: string): string | undefined {
  try {
    const { responsePayload } = JSON.parse(body) as { responsePayload?: { name?: unknown } };
    return typeof responsePayload?.name === 'string' ? responsePayload.name : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
