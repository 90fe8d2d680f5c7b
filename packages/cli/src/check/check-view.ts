import { formatCounted } from '@oncefold/comparison/format-number';
import { formatDecimal } from '@oncefold/reducer';
import { sumsView, sumToJson } from '../sums/sums-view.ts';
import type { Palette } from '../terminal/palette.ts';
import type { CheckResult } from './check-pipeline.ts';

/** Shows what a check found. */
export function checkView(result: CheckResult, palette: Palette): string {
  const { messageCount } = result;
  const compared = messageCount.code === 'compared' ? [...result.nodes, messageCount] : result.nodes;
  const wrong = compared.filter((sum) => sum.difference !== 0n);
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
  const { count, first } = result.noTrades;
  if (count > 0) {
    const what = `${formatCounted(count, 'item')} of the state table ${count === 1 ? 'is no trade and adds' : 'are no trades and add'} nothing`;
    lines.push(palette.warning(`${what}; the first is ${first}`));
  }
  const basis = `recomputed from ${formatCounted(result.tradeCount, 'trade')}`;
  lines.push(
    result.exact
      ? palette.good(
          `exact: ${formatCounted(compared.length, 'aggregate')} ${basis}, no difference${messageCount.code === 'compared' ? '' : '; message_count was not compared'}`,
        )
      : palette.bad(
          `WRONG: ${formatCounted(wrong.length, 'aggregate')} of ${compared.length} differ, ${basis}`,
        ),
  );
  return lines.join('\n');
}

/** Puts what a check found into a form for programs. */
export function checkToJson(result: CheckResult): unknown {
  const { messageCount } = result;
  return {
    exact: result.exact,
    tradeCount: result.tradeCount,
    noTradeCount: result.noTrades.count,
    aggregateCount: result.nodes.length,
    differences: [...result.nodes, ...(messageCount.code === 'compared' ? [messageCount] : [])]
      .filter((sum) => sum.difference !== 0n)
      .map(sumToJson),
    messageCount:
      messageCount.code === 'compared'
        ? { comparable: true, mayBeMiscounted: messageCount.mayBeMiscounted, ...sumToJson(messageCount) }
        : { comparable: false, reason: messageCount.reason, actual: formatDecimal(messageCount.actual) },
  };
}
