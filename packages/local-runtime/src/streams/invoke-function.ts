import { randomUUID } from 'node:crypto';
import type { InvocationOutcome, InvokeCommand } from '@oncefold/event-source-mapping';
import { countItemFailures, type Invocation, type InvocationResult } from '../functions/invocation.ts';
import type { DeliveryEnd, DeliveryFaults } from './delivery-faults.ts';
import type { InvocationIdentity, MappingEvent } from './mapping-event.ts';
import type { UntimedInput } from './untimed-input.ts';

export interface InvokeFunctionOptions {
  readonly mappingId: string;
  readonly functionId: string;
  readonly invoke: (invocation: Invocation) => Promise<InvocationResult>;
  readonly faults?: DeliveryFaults | undefined;
  /** Without `ReportBatchItemFailures`, every answer of a function means success. */
  readonly settings: { readonly functionResponseTypes?: readonly 'ReportBatchItemFailures'[] | undefined };
  /** Says why an answer of a function that did not fail fails its batch, as the predicate of a sentence about the answer. */
  readonly whyAnswerFails?: (command: InvokeCommand, answer: string) => string | undefined;
  readonly onEvent: (event: MappingEvent) => void;
}

/** Carries out one invocation that a mapping's machine wants. */
export async function invokeFunction(
  command: InvokeCommand,
  { mappingId, functionId, invoke, faults, settings, whyAnswerFails, onEvent }: InvokeFunctionOptions,
): Promise<UntimedInput[]> {
  const requestId = randomUUID();
  const identity: InvocationIdentity = {
    functionId,
    requestId,
    mappingId,
    shardId: command.shardId,
    records: command.recordCount,
    attempt: command.retryAttempt + 1,
  };
  onEvent({ type: 'invocation-started', ...identity });
  const endDelivery = faults?.begin({ functionId, mappingId, requestId, command });
  const invoked = await invoke({ requestId, payload: command.payload });
  const ended: Partial<DeliveryEnd> = endDelivery?.(invoked) ?? {};
  const { result = invoked, isRedelivered, isRegrouped, lateRetryAfterMs } = ended;
  const { durationMs } = result;
  const failure = failureOf(result, (answer) => whyAnswerFails?.(command, answer));
  if (failure === undefined) {
    const isRead =
      result.code === 'succeeded' && settings.functionResponseTypes?.includes('ReportBatchItemFailures');
    const itemFailures = isRead ? countItemFailures(result.payload) : 0;
    onEvent({ type: 'invocation-succeeded', durationMs, itemFailures, ...identity });
  } else {
    onEvent({ type: 'invocation-failed', durationMs, ...failure, ...identity });
  }
  const { invocationId } = command;
  const outcome = { ...outcomeOf(result, requestId), isRedelivered, isRegrouped };
  return [
    { type: 'invocation-ended', invocationId, outcome },
    ...(lateRetryAfterMs === undefined
      ? []
      : [{ type: 'redeliver' as const, invocationId, delayMs: lateRetryAfterMs }]),
  ];
}

/** Name under which an answer is reported that fails its batch: the function has not failed, and Lambda takes it for that. */
const INVALID_ANSWER = 'InvalidAnswer';

function failureOf(
  result: InvocationResult,
  whyAnswerFails: (answer: string) => string | undefined,
): { readonly errorType: string; readonly errorMessage: string } | undefined {
  if (result.code === 'failed') {
    const { errorType, errorMessage } = result;
    return { errorType, errorMessage };
  }
  const why = whyAnswerFails(result.payload);
  return why === undefined
    ? undefined
    : {
        errorType: INVALID_ANSWER,
        errorMessage: `the answer ${why}: the batch counts as failed`,
      };
}

function outcomeOf(result: InvocationResult, requestId: string): InvocationOutcome {
  if (result.code === 'succeeded') {
    return { code: 'succeeded', responseText: result.payload, requestId };
  }
  if (result.cause === 'refused') {
    return { code: 'throttled' };
  }
  return { code: 'failed', requestId, functionError: 'Unhandled' };
}
