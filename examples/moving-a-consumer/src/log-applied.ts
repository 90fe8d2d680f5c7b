import type { KinesisStreamEvent } from 'aws-lambda';

/** Logs how far a batch reaches, once the function is done with all of it: `{"appliedUpTo":"<shard id>:<sequence number>"}`. */
export function logApplied(
  handler: (event: KinesisStreamEvent) => Promise<void>,
  log: (line: string) => void = console.log,
): (event: KinesisStreamEvent) => Promise<void> {
  return async (event) => {
    await handler(event);
    log(JSON.stringify({ appliedUpTo: event.Records.at(-1)?.eventID }));
  };
}
