import type { InvocationOutcome } from '@oncefold/event-source-mapping';
import type { InvocationResult } from '../functions/types.ts';

/** Says what became of an invocation in the words of the mapping's machine. */
export function invocationOutcome(result: InvocationResult, requestId: string): InvocationOutcome {
  if (result.code === 'succeeded') {
    return { code: 'succeeded', responseText: result.payload, requestId };
  }
  if (result.cause === 'refused') {
    return { code: 'throttled' };
  }
  return { code: 'failed', requestId, functionError: 'Unhandled' };
}

/** Counts the records that an answer reports as failed; what a malformed answer means is the machine's to say. */
export function countItemFailures(payload: string): number {
  if (!payload.includes('"batchItemFailures"')) {
    return 0;
  }
  try {
    const { batchItemFailures } = JSON.parse(payload);
    return Array.isArray(batchItemFailures) ? batchItemFailures.length : 0;
  } catch {
    return 0;
  }
}
