import { formatCounted } from '@oncefold/comparison/format-number';
import { formatTable } from '../terminal/format-table.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { Line } from './line-of.ts';
import type { Sent } from './send-entries.ts';

/** Shows what is open. */
export function listView(
  { lines, redriven }: { readonly lines: readonly Line[]; readonly redriven: number },
  palette: Palette,
): string {
  const after =
    redriven === 0
      ? []
      : [palette.faint(`${formatCounted(redriven, 'entry', 'entries')} redriven or dismissed before`)];
  if (lines.length === 0) {
    return [palette.good('nothing is open'), ...after].join('\n');
  }
  const table = formatTable(
    [
      { title: 'id', align: 'left' },
      { title: 'given up', align: 'left' },
      { title: 'stage', align: 'left' },
      { title: 'records', align: 'right' },
      { title: 'why', align: 'left' },
      { title: 'sent again', align: 'left' },
    ],
    lines.map(({ id, kind, when, stage, records, why, way }) => [
      id,
      kind === 'quarantined' ? 'quarantined' : when.slice(0, 19).replace('T', ' '),
      printable(stage),
      String(records),
      printable(why),
      way,
    ]),
  );
  return [table, ...after, palette.faint('--show ID prints one; --send ID … or --all sends')].join('\n');
}

/** Shows what was sent. */
export function sentView(sent: readonly Sent[], isDryRun: boolean, palette: Palette): string {
  const lines = sent.map((one) => sentLine(one, palette));
  const bad = sent.filter(({ outcome }) => outcome === 'refused' || outcome === 'failed').length;
  const summary = isDryRun
    ? `${formatCounted(sent.length, 'entry', 'entries')}; nothing was done`
    : `${formatCounted(sent.length - bad, 'entry', 'entries')} done, ${bad} not`;
  return [...lines, bad === 0 ? palette.good(summary) : palette.bad(summary)].join('\n');
}

function sentLine(one: Sent, palette: Palette): string {
  switch (one.outcome) {
    case 'would-send':
      return `${one.id}  ${formatCounted(one.records, 'record')} would be sent ${one.way}`;
    case 'sent':
      return palette.good(
        `${one.id}  ${formatCounted(one.sent, 'record')} sent${one.alreadyApplied > 0 ? `, ${formatCounted(one.alreadyApplied, 'record')} had been applied` : ''}`,
      );
    case 'applied-since':
      return palette.good(`${one.id}  had been applied since; nothing was sent`);
    case 'would-dismiss':
      return `${one.id}  would be dismissed`;
    case 'dismissed':
      return palette.good(`${one.id}  dismissed; it is not offered again`);
    case 'refused':
      return palette.bad(`${one.id}  refused: ${printable(one.reason)}`);
    case 'failed':
      return palette.bad(`${one.id}  failed: ${printable(one.reason)}`);
  }
}
