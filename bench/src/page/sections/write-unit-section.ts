import { onDemandPrice } from '@oncefold/comparison/prices';
import { sumOf, type WriteUnitBill, type WriteUnitDetails } from '../../figures/write-units.ts';
import { markdownTable, number } from './markdown-table.ts';

/** Units of each batch size and guard, and the largest item of each table. */
export function writeUnitSection({ bills, largestItems }: WriteUnitDetails): string {
  const rows = bills.map((bill) => [
    bill.strategies,
    number(bill.messages),
    ...(['state', 'map', 'reduce'] as const).map((stage) => `${bill.units[stage]} (${bill.lab[stage]})`),
    number(sumOf(bill.units) / bill.messages, 2),
    dollars(sumOf(bill.units), bill),
    dollars(sumOf(bill.lab), bill),
  ]);
  const items = Object.entries(largestItems).map(([table, bytes]) => `${table} ${bytes}`);
  return [
    markdownTable(
      [
        'Guards of map and reduce',
        'Messages',
        'State',
        'Map',
        'Reduce',
        'Units a message',
        'Dollars a million',
        "Lab's",
      ],
      rows,
    ),
    `Largest item of each table with the default guards, in bytes: ${items.join(', ')}.`,
  ].join('\n\n');
}

/** For a million messages in such batches. */
function dollars(units: number, { messages }: WriteUnitBill): string {
  return ((units / messages) * onDemandPrice.usdPerMillionWriteUnits).toFixed(2);
}
