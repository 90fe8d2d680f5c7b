import { formatCounted } from '@oncefold/comparison/format-number';
import { formatDecimal } from '@oncefold/reducer';
import { sumsView, sumToJson } from '../sums/sums-view.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { CheckResult } from './check-pipeline.ts';
import { type Evidence, evidenceToJson, evidenceView, givenUpView } from './evidence-view.ts';
import { equalLine } from './given-up.ts';

/** Keys of other programs are listed up to so many. */
const FOREIGN_SHOWN_MAX = 5;

/** Shows what a check found. */
export function checkView(result: CheckResult, palette: Palette): string {
  const { look, sums } = result;
  const { messageCount } = look;
  const wrong = sums.filter((sum) => sum.difference !== 0n);
  const lines: string[] = [];
  if (wrong.length > 0) {
    lines.push(sumsView(wrong, palette));
  }
  if (messageCount.code === 'compared' && messageCount.mayBeMiscounted) {
    lines.push(
      palette.warning(
        'message_count alone may be right: records are counted as stale although they were applied if a state function failed before it counted them and their trade had eight more versions, or was removed, meanwhile',
      ),
    );
  }
  if (messageCount.code === 'not-comparable') {
    const count = formatDecimal(messageCount.actual);
    lines.push(palette.warning(`message_count is ${count}; not comparable: ${messageCount.reason}`));
  }
  const { count, first } = look.recomputed.noTrades;
  if (count > 0) {
    const what = `${formatCounted(count, 'item')} of the state table ${count === 1 ? 'is no trade and adds' : 'are no trades and add'} nothing`;
    lines.push(palette.warning(`${what}; the first is ${first}`));
  }
  lines.push(...foreignLines(look.foreign, palette));
  const evidence = evidenceOf(result);
  if (evidence !== undefined) {
    lines.push(...evidenceView(evidence, palette));
  }
  lines.push(...givenUpView(result.givenUp, palette));
  return [...lines, verdictLine(result, palette)].join('\n');
}

/** Names rows that were not compared, because nothing tells them from another program's. */
export function foreignLines(keys: readonly string[], palette: Palette): readonly string[] {
  if (keys.length === 0) {
    return [];
  }
  const names = keys.slice(0, FOREIGN_SHOWN_MAX).map((key) => JSON.stringify(key));
  const more = keys.length > names.length ? ' and others' : '';
  const rows = `${formatCounted(keys.length, 'row')} of the aggregate table ${keys.length === 1 ? 'was' : 'were'}`;
  return [
    palette.warning(
      printable(
        `${rows} taken for another program's and not compared, because no trade adds to ${keys.length === 1 ? 'it' : 'them'}: ${names.join(', ')}${more}`,
      ),
    ),
  ];
}

/** What is not in the verdict that sums are exact. */
export function leftOut(foreign: readonly string[]): string {
  return foreign.length === 0 ? '' : `, in all but ${formatCounted(foreign.length, 'row')} named above`;
}

function verdictLine({ verdict, look, sums, looks, givenUp }: CheckResult, palette: Palette): string {
  const basis = `recomputed from ${formatCounted(look.recomputed.tradeCount, 'trade')}`;
  const wrong = sums.filter(({ state }) => state !== 'exact');
  if (wrong.length === 0) {
    const left = look.messageCount.code === 'compared' ? '' : '; message_count was not compared';
    const told = `${formatCounted(sums.length, 'aggregate')} ${basis}, no difference${leftOut(look.foreign)}${left}`;
    return equalLine({ verdict: 'exact', told }, givenUp, palette);
  }
  switch (verdict) {
    case 'exact':
      throw new Error('invariant: a sum that differs is not exact');
    case 'different':
      return palette.bad(
        `WRONG: ${formatCounted(wrong.length, 'aggregate')} of ${sums.length} differ, ${basis}; nothing moved between two looks`,
      );
    case 'undecided': {
      const moving = wrong.filter(({ state }) => state === 'in motion');
      return palette.warning(
        `NOT YET: ${formatCounted(wrong.length, 'aggregate')} of ${sums.length} differ, ${moving.length} of them in motion, after ${looks} looks, ${basis}; ` +
          'the pipeline is at work: run the command again when it rests, or with --live, which decides while it runs',
      );
    }
  }
}

function evidenceOf({ evidence, look }: CheckResult): Evidence | undefined {
  return evidence && { ...evidence, candidates: look.recomputed.candidates };
}

/** Puts what a check found into a form for programs. */
export function checkToJson(result: CheckResult): unknown {
  const { look, sums } = result;
  const { messageCount } = look;
  const evidence = evidenceOf(result);
  return {
    verdict: result.verdict,
    exact: result.verdict === 'exact',
    looks: result.looks,
    tradeCount: look.recomputed.tradeCount,
    noTradeCount: look.recomputed.noTrades.count,
    aggregateCount: look.nodes.length,
    foreign: look.foreign,
    differences: sums
      .filter(({ state }) => state !== 'exact')
      .map((sum) => ({ ...sumToJson(sum), state: sum.state })),
    messageCount:
      messageCount.code === 'compared'
        ? { comparable: true, mayBeMiscounted: messageCount.mayBeMiscounted, ...sumToJson(messageCount) }
        : { comparable: false, reason: messageCount.reason, actual: formatDecimal(messageCount.actual) },
    givenUp: result.givenUp,
    ...(evidence !== undefined && { evidence: evidenceToJson(evidence) }),
  };
}
