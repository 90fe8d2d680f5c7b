import type { History, HistoryEvent } from '@oncefold/simulator';
import { type Amount, amountOf, formatAmount } from './amounts.ts';
import { FOREIGN_ROW, type RecountReport, type RecountRun, type RecountTruth } from './recount-load.ts';

type Row = Readonly<Record<string, string>>;
type Sums = ReadonlyMap<string, Amount>;

interface Finding {
  readonly kind: 'wrong' | 'lost';
  readonly text: string;
}

/** A change of one sum by another program. */
interface Damage {
  readonly node: string;
  readonly amount: Amount;
  /** Index of the event. */
  readonly event: number;
}

/** A row of sums that a recount has written. */
interface RepairRow {
  readonly number: number;
  readonly sums: Sums;
}

/** A recount that has ended well. */
interface EndedRun extends RecountRun {
  readonly report: RecountReport;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Most rows of repair of which every part is tried. */
const ROWS_MAX = 6;

/** Names of the rows that a recount writes, as the data contract has it. */
export function isRepairRow(row: Row): boolean {
  return /^recount#\d+#\d+$/.test(row['MessageId'] ?? '');
}

/** What other programs have done to the sums of a history until one of its events. */
function damageUntil(history: History, end: number): readonly Damage[] {
  return history.slice(0, end).flatMap((event, index) => {
    const damage = event.type === 'foreign-write' ? damageOf(event, index) : undefined;
    return damage ?? [];
  });
}

function damageOf(
  { table, isDone, change }: Extract<HistoryEvent, { type: 'foreign-write' }>,
  event: number,
): Damage | undefined {
  if (table !== 'AggregateTable' || !isDone || change === undefined) {
    return undefined;
  }
  const { before, after } = change;
  const amount = amountOf(after?.['Value'] ?? '0') - amountOf(before?.['Value'] ?? '0');
  return { node: (after ?? before)?.['Identifier'] ?? '', amount, event };
}

/** The errors that the aggregates may have at an event: rows of repair are applied one after the other, each whole. */
export function* errorsAt(
  history: History,
  event: number,
  { lost, rows }: { readonly lost: Sums; readonly rows: readonly Row[] },
): Generator<Sums> {
  const damage = damageUntil(history, event);
  const repairs = repairRowsOf(rows).slice(0, ROWS_MAX);
  for (let part = 0; part < 2 ** repairs.length; part += 1) {
    const applied = repairs.filter((_, index) => (part >> index) % 2 === 1);
    yield errorOf(lost, damage, applied);
  }
}

/** What the aggregates are off at the end: what was lost and damaged, and what repairs have made up for. */
export function errorAtEnd(history: History, { lost, rows }: { lost: Sums; rows: readonly Row[] }): Sums {
  return errorOf(lost, damageUntil(history, history.length), repairRowsOf(rows));
}

/** Checks what recounts have told, and what they were to put right. */
export function* checkRecounts(
  history: History,
  tables: Readonly<Record<string, readonly Row[]>>,
  truth: RecountTruth,
): Generator<Finding> {
  const rows = tables['ReduceTable'] ?? [];
  const repairs = repairRowsOf(rows);
  const runs = endedRuns(history, truth);
  for (const run of runs) {
    yield* checkReport(run, { history, lost: truth.lost, repairs, explained: truth.explained });
  }
  const last = runs
    .filter(({ mode }) => mode === 'repair')
    .sort(byNumber)
    .at(-1);
  if (last !== undefined) {
    const error = errorAtEnd(history, { lost: truth.lost, rows });
    yield* checkRepair(last, { history, error, explained: truth.explained });
  }
  yield* checkRecountTable(tables['RecountTable'] ?? [], runs);
}

function byNumber(a: EndedRun, b: EndedRun): number {
  return a.report.number - b.report.number;
}

/** A recount tells exactly what is wrong when it compares. */
function* checkReport(
  run: EndedRun,
  context: {
    readonly history: History;
    readonly lost: Sums;
    readonly repairs: readonly RepairRow[];
    readonly explained: ReadonlySet<string>;
  },
): Generator<Finding> {
  const { report, mode, path, startedAt, endedAt } = run;
  const { history, lost, repairs, explained } = context;
  const damage = damageUntil(history, endedAt);
  const before = damage.filter(({ event }) => event < startedAt);
  const during = damage.filter(({ event }) => event > startedAt);
  const earlier = repairs.filter(({ number }) => number < report.number);
  const known = errorOf(lost, before, earlier);
  const nodes = new Set([
    ...known.keys(),
    ...during.map(({ node }) => node),
    ...Object.keys(report.differences),
  ]);
  const foreign = new Set(report.foreign);
  for (const node of nodes) {
    const told = amountOf(report.differences[node] ?? '0');
    const own = during.filter((each) => each.node === node).map(({ amount }) => amount);
    const possible = partialSums(known.get(node) ?? 0n, own);
    if (!isAtOrBelow(path, node) || possible.has(told) || (foreign.has(node) && !explained.has(node))) {
      continue;
    }
    const text = `recount ${report.number} told ${formatAmount(told)} too much in ${node}, and it was ${[...possible].map(formatAmount).join(' or ')}`;
    yield { kind: 'wrong', text };
  }
  if (mode === 'compare' && repairs.some(({ number }) => number === report.number)) {
    yield { kind: 'wrong', text: `recount ${report.number} was to compare, and has written rows of sums` };
  }
}

/** After a repair nothing is wrong any more but what was damaged since it began. */
function* checkRepair(
  { report, path, startedAt }: EndedRun,
  context: { readonly history: History; readonly error: Sums; readonly explained: ReadonlySet<string> },
): Generator<Finding> {
  const { history, error, explained } = context;
  const later = damageUntil(history, history.length).filter(({ event }) => event > startedAt);
  const foreign = new Set(report.foreign);
  for (const [node, amount] of error) {
    const own = later.filter((each) => each.node === node).map((each) => each.amount);
    const isForeign = foreign.has(node) && !explained.has(node);
    if (isAtOrBelow(path, node) && !isForeign && !partialSums(0n, own).has(amount)) {
      const text = `recount ${report.number} has repaired the sums, and ${node} has ${formatAmount(amount)} too much`;
      yield { kind: 'wrong', text };
    }
  }
}

function* checkRecountTable(rows: readonly Row[], runs: readonly EndedRun[]): Generator<Finding> {
  const control = rows.find((row) => row['Identifier'] === ':control');
  const newest = Number(control?.['Number'] ?? '0');
  const isEnded = control?.['State'] === 'ended' && control['Repairing'] === undefined;
  if (runs.some(({ report }) => report.number === newest) && !isEnded) {
    yield {
      kind: 'wrong',
      text: `recount ${newest} has ended, and the control item says ${control?.['State']} ${control?.['Repairing'] ?? ''}`,
    };
  }
  for (const row of rows) {
    const [, number] = /^:(\d+):/.exec(row['Identifier'] ?? '') ?? [];
    if (row !== control && !(Number(number) <= newest)) {
      yield {
        kind: 'wrong',
        text: `RecountTable has ${row['Identifier']}, and the newest recount is ${newest}`,
      };
    }
  }
}

function endedRuns(history: History, { runs }: RecountTruth): readonly EndedRun[] {
  return history.flatMap((event, endedAt) => {
    if (event.type !== 'program-ended' || event.result !== 'succeeded') {
      return [];
    }
    const startedAt = history.findIndex(
      (each) => each.type === 'program-started' && each.sandbox === event.sandbox,
    );
    const run = runs.get(event.program);
    return run === undefined ? [] : [{ ...run, report: JSON.parse(event.text), startedAt, endedAt }];
  });
}

function repairRowsOf(rows: readonly Row[]): readonly RepairRow[] {
  return rows.filter(isRepairRow).map((row) => ({
    number: Number(row['MessageId']?.split('#')[1]),
    sums: new Map(
      Object.entries<string>(JSON.parse(row['Message'] ?? '{}')).map(([node, sum]) => [node, amountOf(sum)]),
    ),
  }));
}

function errorOf(lost: Sums, damage: readonly Damage[], repairs: readonly RepairRow[]): Sums {
  const error = new Map<string, Amount>();
  const add = (node: string, amount: Amount): void => {
    error.set(node, (error.get(node) ?? 0n) + amount);
  };
  for (const [node, amount] of lost) {
    add(node, -amount);
  }
  for (const { node, amount } of damage) {
    add(node, amount);
  }
  for (const [node, amount] of repairs.flatMap(({ sums }) => [...sums])) {
    add(node, amount);
  }
  return error;
}

/** A sum with any of some amounts added. */
function partialSums(start: Amount, amounts: readonly Amount[]): ReadonlySet<Amount> {
  const sums = new Set([start]);
  for (const amount of amounts) {
    for (const sum of [...sums]) {
      sums.add(sum + amount);
    }
  }
  return sums;
}

function isAtOrBelow(path: string | undefined, node: string): boolean {
  return node !== FOREIGN_ROW && (path === undefined || node === path || node.startsWith(`${path}:`));
}
