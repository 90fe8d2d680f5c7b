import { utf8Length } from '@oncefold/reducer';
import { type BatchResult, readBatchResponse } from './batch-response.ts';
import { discard } from './lane-dispatch.ts';
import { type Machine, retryTime } from './machine.ts';
import { type Batch, type Lane, partOf, type ShardState } from './shard-state.ts';
import type { InvocationOutcome, InvokeCommand } from './types.ts';

type Succeeded = Extract<InvocationOutcome, { code: 'succeeded' }>;

/**
 * Takes the end of an invocation and decides what becomes of its batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function takeOutcome(
  machine: Machine,
  invocationId: number,
  outcome: InvocationOutcome,
): ShardState | undefined {
  const found = machine.invocations.get(invocationId);
  if (found === undefined) {
    return undefined;
  }
  machine.invocations.delete(invocationId);
  const { shard, lane, batch, command } = found;
  if (outcome.code === 'failed') {
    machine.counts.failures += 1;
  }
  if (outcome.code === 'throttled') {
    machine.counts.throttles += 1;
  }
  if (lane === undefined) {
    shard.detachedInFlight -= 1;
    return shard;
  }
  lane.running = undefined;
  if (batch !== undefined) {
    endBatch({ machine, shard, lane, batch, command }, outcome);
  }
  return shard;
}

/** A batch whose invocation has ended, and where it ran. */
interface EndedBatch {
  readonly machine: Machine;
  readonly shard: ShardState;
  readonly lane: Lane;
  readonly batch: Batch;
  readonly command: InvokeCommand;
}

function endBatch({ machine, shard, lane, batch, command }: EndedBatch, outcome: InvocationOutcome): void {
  if (outcome.code === 'throttled') {
    // The function was not invoked: no retry is used up, only time.
    batch.throttleCount += 1;
    batch.notBeforeMs = retryTime(machine, batch.throttleCount);
    lane.waiting.push(batch);
    return;
  }
  batch.invokeCount += 1;
  batch.throttleCount = 0;
  batch.lastRequestId = outcome.requestId;
  batch.lastFunctionError = outcome.code === 'failed' ? (outcome.functionError ?? 'Unhandled') : undefined;
  if (outcome.isRegrouped === true) {
    batch.isToBeRecut = true;
    if (outcome.code === 'succeeded') {
      redeliver(machine, lane, batch, 1);
      return;
    }
  }
  const result: BatchResult =
    outcome.code === 'failed'
      ? { code: 'failure', why: 'is an error' }
      : takeAnswer(machine, lane, batch, outcome);
  switch (result.code) {
    case 'success':
      succeed(machine, shard, lane, batch, command);
      if (outcome.code === 'succeeded' && outcome.isRedelivered === true) {
        lane.redeliveries.push(command);
      }
      return;
    case 'partial':
      if (result.index > 0) {
        keepRest(machine, shard, lane, batch, result.index);
      } else {
        fail(machine, shard, lane, batch, machine.settings.behaviour.reportAtFirstRecord === 'halve');
      }
      return;
    case 'failure':
      fail(machine, shard, lane, batch, true);
  }
}

/**
 * Says why the answer of a function that did not fail fails its batch, as the predicate of a sentence about the answer; undefined where it
 * does not.
 */
export function whyAnswerFails(machine: Machine, invocationId: number, answer: string): string | undefined {
  const batch = machine.invocations.get(invocationId)?.batch;
  if (batch === undefined) {
    return undefined;
  }
  const { result } = readAnswer(machine, batch, answer);
  return result.code === 'failure' ? result.why : undefined;
}

/** Reads the answer, and keeps the window's new state. */
function takeAnswer(machine: Machine, lane: Lane, batch: Batch, { responseText }: Succeeded): BatchResult {
  const { result, state } = readAnswer(machine, batch, responseText);
  const isKept = result.code === 'success' || (result.code === 'partial' && result.index > 0);
  if (isKept) {
    keepState(machine, lane, state);
  }
  return result;
}

/** Reads the answer, if the settings give it a meaning. */
function readAnswer(
  { settings }: Machine,
  batch: Batch,
  text: string | undefined,
): { readonly result: BatchResult; readonly state?: unknown } {
  if (settings.windowMs === 0 && !settings.isReportingItemFailures) {
    return { result: { code: 'success' } };
  }
  const answer = parseAnswer(text);
  if (answer === undefined) {
    return { result: { code: 'failure', why: 'is no JSON' } };
  }
  const state = (answer.value as { state?: unknown } | null)?.state;
  // "If the response does not contain a state property, Lambda considers this a failed invocation."
  if (settings.windowMs > 0 && (state === undefined || state === null)) {
    return {
      result: { code: 'failure', why: 'has no state, which every answer in a tumbling window needs' },
    };
  }
  const sequenceNumbers = batch.records.map((record) => record.sequenceNumber);
  const result: BatchResult = settings.isReportingItemFailures
    ? readBatchResponse(answer.value, sequenceNumbers, settings.behaviour)
    : { code: 'success' };
  return { result, state };
}

function parseAnswer(text: string | undefined): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text || 'null') };
  } catch {
    // Not JSON.
  }
  return undefined;
}

function keepState(machine: Machine, lane: Lane, state: unknown): void {
  if (lane.window === undefined) {
    return;
  }
  lane.window.state = JSON.stringify(state);
  lane.window.isTerminatedEarly =
    utf8Length(lane.window.state) > machine.settings.behaviour.windowStateBytesMax;
}

function succeed(
  machine: Machine,
  shard: ShardState,
  lane: Lane,
  batch: Batch,
  command: InvokeCommand,
): void {
  machine.counts.recordsSucceeded += batch.records.length;
  if (batch.isFinal) {
    lane.window = undefined;
  }
  shard.remembered.push(command);
  if (shard.remembered.length > machine.settings.behaviour.rememberedBatchesMax) {
    shard.remembered.shift();
  }
}

/** A partial response: what came before the lowest reported record is done with, the rest is redelivered. */
function keepRest(machine: Machine, shard: ShardState, lane: Lane, batch: Batch, index: number): void {
  machine.counts.recordsSucceeded += index;
  const rest = partOf(batch, batch.records.slice(index), batch.isFinal);
  if (machine.settings.isBisecting) {
    // Split at the reported record; splitting uses up no retry.
    redeliver(machine, lane, rest, 1);
  } else if (machine.settings.behaviour.retriesAfterProgress === 'restart') {
    rest.retryAttempt = 0;
    redeliver(machine, lane, rest, 1);
  } else {
    useRetry(machine, shard, lane, rest);
  }
}

function fail(machine: Machine, shard: ShardState, lane: Lane, batch: Batch, isSplit: boolean): void {
  if (!machine.settings.isBisecting || !isSplit || batch.records.length < 2) {
    useRetry(machine, shard, lane, batch);
    return;
  }
  const middle = Math.ceil(batch.records.length / 2);
  redeliver(machine, lane, partOf(batch, batch.records.slice(middle), batch.isFinal), 1);
  redeliver(machine, lane, partOf(batch, batch.records.slice(0, middle), false), 1);
}

function useRetry(machine: Machine, shard: ShardState, lane: Lane, batch: Batch): void {
  if (batch.retryAttempt >= machine.settings.retryAttemptsMax) {
    discard(machine, shard, lane, batch, 'RetryAttemptsExhausted');
    return;
  }
  batch.retryAttempt += 1;
  redeliver(machine, lane, batch, batch.retryAttempt);
}

function redeliver(machine: Machine, lane: Lane, batch: Batch, attempt: number): void {
  batch.notBeforeMs = retryTime(machine, attempt);
  lane.waiting.push(batch);
}
