import { groupDigits } from './amounts.ts';
import type { ComparisonReport, StageInputDescription } from './comparison-report.ts';
import { formatCount, formatCounted, formatSeconds } from './format-number.ts';

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** The circumstances of a run; its texts may contain characters from outside. */
export function describeRun(
  report: ComparisonReport,
): readonly { readonly term: string; readonly text: string }[] {
  const { parameters, versions, machine, engines, price } = report;
  const libraries = Object.entries(versions.libraries).map(([name, version]) => `${name} ${version}`);
  return [
    { term: 'Seed', text: String(parameters.seed) },
    { term: 'Run', text: `${formatMoment(report.startedAt)}, took ${formatDuration(report.durationMs)}` },
    {
      term: 'Messages',
      text: `${formatCount(parameters.messages)}${parameters.quick ? ', quick run: a cell takes as many batches as its faults need, and three more' : ''}`,
    },
    ...report.inputs.map((input) => ({
      term: `Input, ${input.stage} stage, ${input.transactions} ${input.transactions === 'one' ? 'transaction' : 'transactions'} per batch`,
      text: describeInput(input),
    })),
    {
      term: 'Versions',
      text: [`oncefold ${versions.oncefold}`, `Node.js ${versions.node}`, ...libraries].join(', '),
    },
    ...engines.map(({ name, version, usedFor }) => ({
      term: 'Engine',
      text: `${name} ${version}: ${usedFor}`,
    })),
    {
      term: 'Machine',
      text: `${machine.cpuModel}, ${formatCounted(machine.cores, 'core')}, ${formatMemory(machine.memoryBytes)}, ${machine.platform}`,
    },
    {
      term: 'Price',
      text: `$${price.usdPerMillionWriteUnits} per million write units, $${price.usdPerMillionReadUnits} per million read units, ${price.region}, since ${price.validSince} (${price.source})`,
    },
  ];
}

/** Such as `23 November 2026 at 15:47 UTC`. */
export function formatMoment(iso: string): string {
  return `${moment.format(new Date(iso))} UTC`;
}

/** Such as `8.2 s` or `6 min 4 s`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 60_000) {
    return formatSeconds(milliseconds);
  }
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function describeInput({ recordIs, records, batches, nodes, total }: StageInputDescription): string {
  return [
    `${formatCount(records)} records (${recordIs}) in ${formatCounted(batches, 'batch', 'batches')}`,
    formatCounted(nodes, 'aggregate'),
    `total ${groupDigits(total)}`,
  ].join(', ');
}

function formatMemory(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
