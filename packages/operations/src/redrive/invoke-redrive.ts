import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { RedriveRefusedError, RedriveUndecidedError } from './errors.ts';
import type { BatchRecord, FailedBatch } from './failed-batch.ts';

/** Lambda takes 6 MB an invocation, and the field `redrive` is added to what had been one. */
const PAYLOAD_BYTES_MAX = 6_000_000;

export interface RedriveCounts {
  readonly sent: number;
  readonly alreadyApplied: number;
}

/**
 * Hands a batch to its function, through the door for batches that were given up.
 *
 * Any cut will do, so an event that is too large for one invocation becomes several.
 *
 * @throws {@link RedriveRefusedError} when the function refuses it: sending it again changes nothing
 * @throws {@link RedriveUndecidedError} when the function fails otherwise, or does not know the door
 */
export async function invokeRedrive(
  client: Pick<LambdaClient, 'send'>,
  batch: FailedBatch,
  payloadBytesMax: number = PAYLOAD_BYTES_MAX,
): Promise<RedriveCounts> {
  let counts: RedriveCounts = { sent: 0, alreadyApplied: 0 };
  for (const records of partsOf(batch.records, batch.shardId, payloadBytesMax)) {
    const answer = await invoke(client, batch, records);
    counts = {
      sent: counts.sent + answer.applied,
      alreadyApplied: counts.alreadyApplied + answer.alreadyApplied,
    };
  }
  return counts;
}

function payloadOf(records: readonly BatchRecord[], shardId: string): string {
  return JSON.stringify({ Records: records, redrive: { version: 1, shardId } });
}

function* partsOf(
  records: readonly BatchRecord[],
  shardId: string,
  payloadBytesMax: number,
): Generator<readonly BatchRecord[]> {
  if (records.length === 1 || Buffer.byteLength(payloadOf(records, shardId)) <= payloadBytesMax) {
    yield records;
    return;
  }
  const half = Math.ceil(records.length / 2);
  yield* partsOf(records.slice(0, half), shardId, payloadBytesMax);
  yield* partsOf(records.slice(half), shardId, payloadBytesMax);
}

/** Errors of the function that say that this batch cannot be redriven, now or later. */
const REFUSALS: ReadonlySet<string> = new Set([
  'StrategyError',
  'GuardLostError',
  'AmbiguousRecordsError',
  'RedriveRefusedError',
]);

async function invoke(
  client: Pick<LambdaClient, 'send'>,
  { functionArn, shardId }: FailedBatch,
  records: readonly BatchRecord[],
): Promise<{ readonly applied: number; readonly alreadyApplied: number }> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionArn, Payload: payloadOf(records, shardId) }),
  );
  const text = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8');
  const answer = parse(text);
  if (FunctionError !== undefined) {
    const { errorType = FunctionError, errorMessage = '' } = answer as Record<string, string>;
    const message = `${functionArn}: ${errorType}: ${errorMessage}`;
    throw REFUSALS.has(errorType) ? new RedriveRefusedError(message) : new RedriveUndecidedError(message);
  }
  const { applied, alreadyApplied } = (answer['redriven'] ?? {}) as Record<string, unknown>;
  if (
    typeof applied !== 'number' ||
    typeof alreadyApplied !== 'number' ||
    applied + alreadyApplied !== records.length
  ) {
    throw new RedriveUndecidedError(
      `${functionArn} did not answer as to a redrive: deploy this release first, then run the command again`,
    );
  }
  return { applied, alreadyApplied };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
