import { groupDigits, isZero, signAmount } from './amounts.ts';
import type { Cell, CellFailureCode, FaultHappened, JudgedCell } from './comparison-report.ts';
import { listWords } from './findings.ts';
import { formatCount, formatCounted } from './format-number.ts';

const failures: Readonly<Record<CellFailureCode, string>> = {
  'fault-missing': 'a planned fault did not happen',
  'not-through': 'a batch did not succeed',
  'function-broken': 'the function could not be started',
  disturbed: 'something failed that was not planned',
};

const faultTexts: Readonly<Record<FaultHappened['kind'], string>> = {
  redelivered: 'redelivered',
  killed: 'process killed',
  'reply-dropped': 'reply lost',
  'tokens-expired': 'tokens expired',
  split: 'split on retry',
  merged: 'merged with newer records',
  'delivered-twice-at-once': 'delivered to two pollers at once',
  'write-held-and-released': 'write held and released after its retry',
  throttled: 'throttled',
  conflict: 'transaction conflict',
  'server-error': 'server error',
  'arithmetic-changed': 'arithmetic changed between two attempts',
};

/** One sentence about the outcome, with every digit of the difference, and the expectation where it was not met. */
export function describeOutcome(cell: Cell): string {
  if (cell.outcome === 'failed') {
    return `No result, ${failures[cell.failure.code]}: ${cell.failure.message}`;
  }
  const found = cell.outcome === 'exact' ? describeExact(cell) : describeDifference(cell);
  return cell.asExpected ? found : `${found} Expected: ${cell.expectation.outcome}. ${cell.expectation.why}`;
}

/** Each kind of fault with its number of occurrences, in order of the first one. */
export function describeFaults(faults: readonly FaultHappened[]): string {
  const timesByKind = new Map<FaultHappened['kind'], number>();
  for (const { kind, times } of faults) {
    timesByKind.set(kind, (timesByKind.get(kind) ?? 0) + times);
  }
  if (timesByKind.size === 0) {
    return 'none';
  }
  return [...timesByKind].map(([kind, times]) => `${faultTexts[kind]} × ${formatCount(times)}`).join(', ');
}

function describeExact({ difference }: JudgedCell): string {
  return `Exact: all ${formatCounted(difference.nodes, 'aggregate')} equal the truth.`;
}

function describeDifference({ difference }: JudgedCell): string {
  const { duplicated, lost, messageCount, nodesWrong, nodes } = difference;
  const parts = [
    ...(isZero(duplicated) ? [] : [`${groupDigits(duplicated)} too much`]),
    ...(isZero(lost) ? [] : [`${groupDigits(lost)} too little`]),
    ...(isZero(messageCount) ? [] : [`message_count ${signAmount(messageCount)}`]),
  ];
  const where = `${formatCount(nodesWrong)} of ${formatCounted(nodes, 'aggregate')} wrong`;
  return `Wrong: ${parts.length === 0 ? where : `${listWords(parts)}; ${where}`}.`;
}
