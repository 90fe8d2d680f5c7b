import { compareSequenceNumbers, isSequenceNumber } from './sequence-number.ts';
import type { ServiceBehaviour } from './settings-types.ts';

/** What a partial batch response says about a batch. */
export type BatchResult =
  | { readonly code: 'success' }
  /** `why` is the predicate of a sentence about the answer. */
  | { readonly code: 'failure'; readonly why: string }
  /** Records before `index` are done with, those from it on are redelivered. */
  | { readonly code: 'partial'; readonly index: number };

const UNKNOWN = 'reports an itemIdentifier that is no sequence number of the batch';

type Choices = Pick<ServiceBehaviour, 'unknownItemIdentifier' | 'malformedResponse'>;

/**
 * Reads a function's answer under ReportBatchItemFailures.
 *
 * Success: a null or empty answer, a null or empty list. Failure of the whole batch: an empty or null identifier or a
 * wrong key name. Else the lowest reported sequence number is where to begin again.
 *
 * @param sequenceNumbers - the batch, in order
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readBatchResponse(
  answer: unknown,
  sequenceNumbers: readonly string[],
  choices: Choices,
): BatchResult {
  if (answer === null || answer === undefined) {
    return { code: 'success' };
  }
  if (typeof answer !== 'object' || Array.isArray(answer)) {
    return malformed('is no JSON object', choices);
  }
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) {
    return { code: 'success' };
  }
  if (!Array.isArray(failures)) {
    return malformed('has batchItemFailures that are no list', choices);
  }
  if (failures.length === 0) {
    return { code: 'success' };
  }
  return lowest(new Set(failures.map(identifierOf)), sequenceNumbers, choices);
}

function malformed(why: string, { malformedResponse: code }: Choices): BatchResult {
  return code === 'success' ? { code } : { code, why };
}

/** The identifier of one item; empty, which no record has, where it is null, of a wrong type or under another name. */
function identifierOf(failure: unknown): string {
  const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
  return typeof identifier === 'string' ? identifier : '';
}

function lowest(identifiers: Set<string>, sequenceNumbers: readonly string[], choices: Choices): BatchResult {
  const known = sequenceNumbers.filter((number) => identifiers.has(number));
  if (known.length === identifiers.size) {
    return { code: 'partial', index: sequenceNumbers.findIndex((number) => identifiers.has(number)) };
  }
  if (choices.unknownItemIdentifier === 'whole-batch') {
    return { code: 'failure', why: UNKNOWN };
  }
  return byPosition(identifiers, sequenceNumbers);
}

/** Resumes at the first record at or after the lowest identifier; beyond the batch nothing is taken as done. */
function byPosition(identifiers: Set<string>, sequenceNumbers: readonly string[]): BatchResult {
  if (![...identifiers].every(isSequenceNumber)) {
    return { code: 'failure', why: UNKNOWN };
  }
  const [smallest] = [...identifiers].sort(compareSequenceNumbers) as [string];
  const index = sequenceNumbers.findIndex((number) => compareSequenceNumbers(number, smallest) >= 0);
  return index === -1 ? { code: 'failure', why: UNKNOWN } : { code: 'partial', index };
}
