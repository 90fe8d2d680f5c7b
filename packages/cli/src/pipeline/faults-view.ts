import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import type { InjectedFault, InjectedFaults } from '@oncefold/local-runtime';
import { formatTable } from '../terminal/format-table.ts';
import type { Palette } from '../terminal/palette.ts';

/** The last digits of a sequence number; these differ within one run. */
const DIGITS_SHOWN = 12;

/** Lists every fault that was injected, in order of time, and how often each kind was injected. */
export function faultsView(injected: InjectedFaults, palette: Palette): string {
  const counts = Object.entries(injected.counts).map(([kind, count]) => `${kind} ${formatCount(count)}`);
  const total = Object.values(injected.counts).reduce((sum, count) => sum + count, 0);
  const summary = `${formatCounted(total, 'fault')} injected (fault seed ${injected.seed})`;
  if (total === 0) {
    return summary;
  }
  const notShown = total - injected.faults.length;
  const columns = ['time', 'fault', 'function', 'batch'];
  return [
    formatTable(
      columns.map((title) => ({ title, align: 'left' as const })),
      injected.faults.map(rowOf),
    ),
    ...(notShown > 0 ? [palette.faint(`and ${formatCount(notShown)} later ones`)] : []),
    `${summary}: ${counts.join(', ')}`,
  ].join('\n');
}

function rowOf({ at, kind, operation, functionId, mappingId, batch }: InjectedFault): string[] {
  const { records, shardId, firstSequenceNumber, lastSequenceNumber, attempt } = batch;
  const range = `…${firstSequenceNumber.slice(-DIGITS_SHOWN)} to …${lastSequenceNumber.slice(-DIGITS_SHOWN)}`;
  return [
    new Date(at).toISOString().slice(11, 23),
    operation === undefined ? kind : `${kind} (${operation})`,
    functionId,
    `${formatCounted(records, 'record')} ${range} of ${shardId}, attempt ${attempt} (${mappingId})`,
  ];
}
