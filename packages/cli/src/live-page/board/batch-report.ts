import { formatCount } from '@oncefold/comparison/format-number';

/** What a function of the pipeline says in its log about a batch. */
export interface BatchReport {
  readonly requestId: string;
  /** Records that this invocation added or counted. */
  readonly counted: number;
  /** Records that were added or counted before; the guard held them off. */
  readonly known: number;
  /** Such as `95 applied, 4 duplicate, 1 stale`. */
  readonly text: string;
}

/** The first words of the lines, by which all others are left alone without being parsed. */
const COMMITTED = '"Batch committed"';
const PROCESSED = '"Batch processed."';
/** Longer lines are none of these. */
const LINE_LENGTH_MAX = 10_000;

/**
 * Reads what a function says about a batch.
 *
 * @returns nothing for any other line
 */
export function readBatchReport(line: string): BatchReport | undefined {
  const isCommit = line.includes(COMMITTED);
  if (line.length > LINE_LENGTH_MAX || !(isCommit || line.includes(PROCESSED))) {
    return undefined;
  }
  const entry = parseObject(line);
  const requestId = entry?.['function_request_id'];
  if (entry === undefined || typeof requestId !== 'string') {
    return undefined;
  }
  const count = (name: string): number => {
    const value = entry[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
  };
  const names = isCommit
    ? { RecordsApplied: 'applied', RecordsQuarantined: 'quarantined', RecordsUnconfirmed: 'found applied' }
    : {
        applied: 'applied',
        duplicate: 'duplicate',
        stale: 'stale',
        conflict: 'conflict',
        quarantined: 'quarantined',
      };
  const counts = Object.entries(names).map(([name, word]) => [count(name), word] as const);
  const counted = counts.reduce((sum, [value]) => sum + value, 0);
  const known = isCommit
    ? count('RecordsAlreadyApplied')
    : Math.max(0, count('records') - count('failed') - counted);
  const parts = [...counts, [known, 'known'] as const].filter(([value]) => value > 0);
  return {
    requestId,
    counted,
    known,
    text: parts.map(([value, word]) => `${formatCount(value)} ${word}`).join(', '),
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
