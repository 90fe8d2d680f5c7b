import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { Candidate } from './candidates.ts';
import type { QuarantineEvidence, UnappliedEvidence } from './evidence.ts';
import type { GivenUpEvidence } from './given-up.ts';

/** What may be why sums differ. */
export interface Evidence {
  readonly unapplied: UnappliedEvidence;
  readonly quarantined: QuarantineEvidence | undefined;
  readonly candidates: readonly Candidate[];
}

/** So many lines of each kind are shown; JSON has more. */
const SHOWN_MAX = 5;

/** Shows what may be why sums differ. */
export function evidenceView({ unapplied, quarantined, candidates }: Evidence, palette: Palette): string[] {
  const lines = unappliedLines(unapplied);
  if (quarantined !== undefined && quarantined.count > 0) {
    lines.push(
      `${formatCounted(quarantined.count, 'change of an item was', 'changes of items were')} quarantined by map or reduce:`,
      ...shown(quarantined.first, quarantined.count, ({ consumer, itemId, recordId, reason, detail }) => {
        const what = itemId === undefined ? `record ${recordId}` : itemId;
        return `${consumer}: ${what}, ${`${reason} ${detail}`.trimEnd()}`;
      }),
    );
  }
  if (candidates.length > 0) {
    lines.push(
      `${formatCounted(candidates.length, 'trade is', 'trades are')} worth exactly what a sum differs by:`,
      ...shown(candidates, candidates.length, ({ tradeId, version, value, suspicion, keys, isWhole }) => {
        const where = isWhole ? 'all of its sums' : keys.join(', ');
        return `${tradeId} version ${version}, ${value}: ${suspicion}? (${where})`;
      }),
    );
  }
  return lines.map((line) => palette.warning(line));
}

/** Names the batches that were given up and not redriven. */
export function givenUpView(givenUp: GivenUpEvidence, palette: Palette): string[] {
  if (givenUp.code !== 'found' || givenUp.count === 0) {
    return [];
  }
  const { count, first } = givenUp;
  return [
    `${formatCounted(count, 'batch was', 'batches were')} given up and not redriven:`,
    ...shown(first, count, ({ id, key }) => `${id}  ${key}`),
  ].map((line) => palette.warning(line));
}

function unappliedLines(unapplied: UnappliedEvidence): string[] {
  switch (unapplied.code) {
    case 'unknown':
      return [`which rows of sums are applied is not known: ${unapplied.reason}`];
    case 'too-many':
      return [unapplied.reason];
    case 'found': {
      const { inFlight, lost, first } = unapplied;
      const lines: string[] = [];
      if (lost > 0) {
        lines.push(
          `${formatCounted(lost, 'row of sums is', 'rows of sums are')} not applied and older than 24 hours: the stream has lost ${lost === 1 ? 'it' : 'them'}`,
        );
      }
      if (inFlight > 0) {
        lines.push(`${formatCounted(inFlight, 'row of sums is', 'rows of sums are')} not applied yet`);
      }
      return lines.length === 0 ? [] : [...lines, ...shown(first, lost + inFlight, (id) => id)];
    }
  }
}

function shown<Value>(
  values: readonly Value[],
  count: number,
  describe: (value: Value) => string,
): readonly string[] {
  const lines = values.slice(0, SHOWN_MAX).map((value) => `  ${printable(describe(value))}`);
  return count > lines.length ? [...lines, `  and ${formatCount(count - lines.length)} more`] : lines;
}

/** Puts the evidence into a form for programs. */
export function evidenceToJson({ unapplied, quarantined, candidates }: Evidence): unknown {
  return { unappliedRows: unapplied, quarantined: quarantined ?? null, candidates };
}
