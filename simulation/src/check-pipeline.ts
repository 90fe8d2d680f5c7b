import type { History, HistoryEvent, Violation } from '@oncefold/simulator';
import { type Amount, amountOf, describeDifference, formatAmount } from './amounts.ts';
import { checkRecounts, errorAtEnd, errorsAt, isRepairRow } from './check-recount.ts';
import { deployedDimensions } from './functions.ts';
import { FOREIGN_ROW, NO_ROW, type RecountTruth } from './recount-load.ts';
import { type LoadedMessage, type LoadedTrade, NO_TRADE } from './trade-load.ts';

/** What is known of a history from outside. */
export interface PipelineTruth {
  /** Which stages ran; what none of them writes is not looked at. */
  readonly stages: ReadonlySet<'state' | 'map' | 'reduce'>;
  readonly messages: readonly LoadedMessage[];
  /** Whether another program may have written trades or removed them. */
  readonly isAlone: boolean;
  /** Absent: nothing is damaged. */
  readonly recount?: RecountTruth | undefined;
  /** Absent: mappings give nothing up. */
  readonly redrive?: { readonly isRebuilt: boolean } | undefined;
}

type Observed = Extract<HistoryEvent, { readonly type: 'observed' }>;
type Row = Observed['tables'][string][number];

/** Row of AggregateTable that counts messages. */
const MESSAGE_COUNT = 'message_count';

/**
 * Checks the history of the pipeline by what was put into the stream and what observers read in the tables.
 *
 * It reads items by the data contract alone. The last observation is the one after everything is done.
 */
export function checkPipeline(history: History, truth: PipelineTruth): readonly Violation[] {
  const violations: Violation[] = [];
  const last = history.findLast((each) => each.type === 'observed');
  let before: Observed | undefined;
  for (const [event, each] of history.entries()) {
    if (each.type === 'ended' && each.stuck.length > 0) {
      violations.push({ kind: 'stuck', text: stuckText(each.stuck, history), records: [], event });
    }
    if (each.type === 'records-discarded' && truth.redrive === undefined) {
      const text = `the mapping gave records up: ${each.condition}`;
      violations.push({ kind: 'lost', text, records: each.records, event });
    }
    if (each.type !== 'observed') {
      continue;
    }
    const isLast = history[event + 1]?.type === 'ended';
    const found = [...checkMoment(each, before, truth)];
    // A repair of a path, or of several rows, makes up for parents and children one after the other.
    if (isLast || truth.redrive?.isRebuilt !== true) {
      found.push(...checkTotals(each, { history, event, truth, last }));
    }
    if (isLast) {
      found.push(...checkEnd(each, history, truth), ...checkRecountsAtEnd(each, history, truth));
    }
    violations.push(...found.map((one) => ({ records: [], ...one, event })));
    before = each;
  }
  return violations;
}

type Finding = Pick<Violation, 'kind' | 'text'> & Partial<Pick<Violation, 'records'>>;

/** What must hold at every moment. */
function* checkMoment(
  { tables }: Observed,
  before: Observed | undefined,
  { isAlone }: PipelineTruth,
): Generator<Finding> {
  yield* regressed(tables['PositionTable'] ?? [], before?.tables['PositionTable'] ?? [], {
    key: 'Position',
    of: 'SequenceNumber',
  });
  yield* regressed(tables['AccountingTable'] ?? [], before?.tables['AccountingTable'] ?? [], {
    key: 'Shard',
    of: 'SequenceNumber',
  });
  const versions = (rows: readonly Row[] = []): readonly Row[] =>
    rows.filter(isNoPost).map((row) => ({ ...row, Version: (row['Version'] ?? '').padStart(20, '0') }));
  if (isAlone) {
    yield* regressed(versions(tables['StateTable']), versions(before?.tables['StateTable']), {
      key: 'id',
      of: 'Version',
    });
  }
}

/** A recount has items of its own in StateTable, and takes them away. */
function isNoPost(row: Row): boolean {
  return !/^:recount:\d+:\d+$/.test(row['id'] ?? '');
}

function* checkEnd(observed: Observed, history: History, truth: PipelineTruth): Generator<Finding> {
  const { stages } = truth;
  const { tables } = observed;
  if (stages.has('state')) {
    // Marks of a recount are changes, too.
    if (!isRecounted(truth) && truth.isAlone && isRecognizable(truth.messages)) {
      const changes = history.filter(
        (event) => event.type === 'record-put' && event.stream === 'StateTable',
      ).length;
      yield* compareApplied(tables, `the state table has had ${changes} changes`, String(changes));
    }
    yield* checkTrades(tables['StateTable'] ?? [], truth);
    yield* checkAccounts(tables, truth);
    yield* checkQuarantine(tables['QuarantineTable'] ?? [], truth);
    yield* checkQuarantinedCounts(tables);
  }
  if (stages.has('map')) {
    yield* checkForeignItems(tables['QuarantineTable'] ?? [], history);
  }
  const standing = sumOfTrades(tables['StateTable'] ?? []);
  const { recount, redrive } = truth;
  // Where nothing else was damaged, repairs have made up for what was given up.
  const rows = sumOfRows(
    (tables['ReduceTable'] ?? []).filter((row) => redrive !== undefined || !isRepairRow(row)),
  );
  const lost = recount?.lost ?? new Map();
  if (stages.has('map') && !isCorrectedByHand(history)) {
    // What was there at the start has no rows any more, but for the one that is lost.
    yield* compare('rows of sums', plus(rows, recount?.existing ?? new Map()), plus(standing, lost), truth);
  }
  if (stages.has('reduce')) {
    const nodes = new Map(
      (tables['AggregateTable'] ?? []).map((row) => [row['Identifier'] ?? '', amountOf(row['Value'] ?? '')]),
    );
    const repaired = redrive === undefined ? (tables['ReduceTable'] ?? []) : [];
    const error = errorAtEnd(history, { lost, rows: repaired });
    yield* compare('aggregates', nodes, plus(stages.has('map') ? standing : rows, error), truth);
    const counted = formatAmount(nodes.get(MESSAGE_COUNT) ?? 0n);
    const mapped = formatAmount(rows.get(MESSAGE_COUNT) ?? 0n);
    if (counted !== mapped) {
      const text = `${MESSAGE_COUNT} of the aggregates is ${counted}, and its rows of sums add up to ${mapped}`;
      yield { kind: 'unaccounted', text };
    }
  }
  if (stages.has('state') && stages.has('map') && truth.isAlone && isRecognizable(truth.messages)) {
    const changes = formatAmount(rows.get(MESSAGE_COUNT) ?? 0n);
    yield* compareApplied(tables, `${changes} have added to ${MESSAGE_COUNT}`, changes);
  }
}

/** Whether whoever redrives has deleted an aggregate, which no row of sums tells. */
function isCorrectedByHand(history: History): boolean {
  return history.some(
    (event) => event.type === 'request-sent' && event.summary === 'DeleteItem AggregateTable',
  );
}

function isRecounted({ recount, redrive }: PipelineTruth): boolean {
  return recount !== undefined || redrive?.isRebuilt === true;
}

function* checkRecountsAtEnd(
  { tables }: Observed,
  history: History,
  { recount }: PipelineTruth,
): Generator<Finding> {
  if (recount !== undefined) {
    yield* checkRecounts(history, tables, recount);
  }
}

function plus(a: ReadonlyMap<string, Amount>, b: ReadonlyMap<string, Amount>): ReadonlyMap<string, Amount> {
  const sums = new Map(a);
  for (const [node, amount] of b) {
    sums.set(node, (sums.get(node) ?? 0n) + amount);
  }
  return sums;
}

function* compareApplied(tables: Observed['tables'], text: string, changes: string): Generator<Finding> {
  const applied = String(counted(tables['AccountingTable'] ?? [], 'Applied'));
  if (applied !== changes) {
    yield { kind: 'unaccounted', text: `${applied} messages are accounted as applied, and ${text}` };
  }
}

/**
 * Limits of the state stage that docs/guarantees.md names: a record whose delivery failed before it was counted is recognized as
 * long as its trade has had fewer than eight versions since; and what some dimensions refuse and others take may be quarantined by
 * one deployment and applied by the next.
 */
function isRecognizable(messages: readonly LoadedMessage[]): boolean {
  const trades = messages.flatMap(({ trade }) => trade ?? []);
  const versions = Map.groupBy(trades, ({ tradeId }) => tradeId);
  return trades.every(({ isPartial }) => !isPartial) && [...versions.values()].every(isWithinHistory);
}

/** An item keeps an entry for each of its last eight version numbers. */
function isWithinHistory(trades: readonly LoadedTrade[]): boolean {
  const versions = trades.map(({ version }) => version);
  return Math.max(...versions) - Math.min(...versions) < 8;
}

/** A node is the sum of the nodes below it, at every moment, but for what was damaged and not yet repaired. */
function* checkTotals(
  { tables }: Observed,
  context: {
    readonly history: History;
    readonly event: number;
    readonly truth: PipelineTruth;
    readonly last: Observed | undefined;
  },
): Generator<Finding> {
  const { history, event, truth, last } = context;
  const rows = tables['AggregateTable'] ?? [];
  const torn = [...tornNodes(rows)];
  if (torn.length > 0 && truth.recount !== undefined) {
    const known = { lost: truth.recount.lost, rows: last?.tables['ReduceTable'] ?? [] };
    for (const error of errorsAt(history, event, known)) {
      if (tornNodes(without(rows, error)).next().done === true) {
        return;
      }
    }
  }
  yield* torn;
}

/** The sums as they would be without an error. */
function without(rows: readonly Row[], error: ReadonlyMap<string, Amount>): readonly Row[] {
  const values = new Map(rows.map((row) => [row['Identifier'] ?? '', amountOf(row['Value'] ?? '')]));
  for (const [node, amount] of error) {
    values.set(node, (values.get(node) ?? 0n) - amount);
    // A row that was deleted is nothing, and so is one that was never there.
    for (let end = node.lastIndexOf(':'); end > 0; end = node.lastIndexOf(':', end - 1)) {
      const above = node.slice(0, end);
      values.set(above, values.get(above) ?? 0n);
    }
  }
  return [...values].map(([node, value]) => ({ Identifier: node, Value: formatAmount(value) }));
}

/** A node is the sum of the nodes below it. */
function* tornNodes(rows: readonly Row[]): Generator<Finding> {
  const children = new Map<string, Amount>();
  const values = new Map<string, Amount>();
  for (const row of rows) {
    const name = row['Identifier'] ?? '';
    const value = amountOf(row['Value'] ?? '');
    values.set(name, value);
    const end = name.lastIndexOf(':');
    if (end > 0) {
      const parent = name.slice(0, end);
      children.set(parent, (children.get(parent) ?? 0n) + value);
    }
  }
  for (const [parent, sum] of children) {
    const value = values.get(parent);
    if (value !== sum) {
      const own = value === undefined ? 'nothing' : formatAmount(value);
      yield { kind: 'torn', text: `${parent} is ${own}, and the nodes below it are ${formatAmount(sum)}` };
    }
  }
}

function* regressed(
  rows: readonly Row[],
  before: readonly Row[],
  { key, of }: { readonly key: string; readonly of: string },
): Generator<Finding> {
  const now = new Map(rows.map((row) => [row[key], row[of] ?? '']));
  for (const row of before) {
    const value = now.get(row[key]);
    if (value === undefined || value < (row[of] ?? '')) {
      yield {
        kind: 'regressed',
        text: `${of} of ${row[key]} went back from ${row[of]} to ${value ?? 'nothing'}`,
      };
    }
  }
}

/** The newest version of each trade is there, as one of its messages says it. */
function* checkTrades(rows: readonly Row[], { messages, isAlone }: PipelineTruth): Generator<Finding> {
  const trades = messages.flatMap(({ trade }) => trade ?? []);
  const existing = new Map(rows.map((row) => [row['id'] ?? '', row]));
  for (const [tradeId, versions] of Map.groupBy(trades, (trade) => trade.tradeId)) {
    const newest = Math.max(
      -1,
      ...versions.filter(({ isPartial }) => !isPartial).map(({ version }) => version),
    );
    const row = existing.get(tradeId);
    const version = row === undefined ? -1 : Number(row['Version']);
    // A trade that another program has removed is written again only by what comes after.
    if (version < newest && isAlone) {
      yield { kind: 'lost', text: `${tradeId} is at version ${version}, and version ${newest} was sent` };
    }
    if (row !== undefined && !versions.some((trade) => isVersion(row, trade))) {
      yield { kind: 'wrong', text: `${tradeId} is what no message says: ${JSON.stringify(row)}` };
    }
  }
}

function isVersion(row: Row, { version, power, segments }: LoadedTrade): boolean {
  return (
    Number(row['Version']) === version &&
    amountOf(row['Value'] ?? '') === 10n ** BigInt(power + 12) &&
    sortedText(JSON.parse(row['Hierarchy'] ?? '{}')) === sortedText(segments)
  );
}

function sortedText(segments: object): string {
  return JSON.stringify(Object.entries(segments).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every message that was sent has exactly one outcome. */
function* checkAccounts(tables: Observed['tables'], { messages }: PipelineTruth): Generator<Finding> {
  const accounts = tables['AccountingTable'] ?? [];
  const names = ['Applied', 'Duplicate', 'Stale', 'Conflict', 'Quarantined'];
  const total = names.reduce((sum, name) => sum + counted(accounts, name), 0);
  if (total !== messages.length) {
    const text = names.map((name) => `${name} ${counted(accounts, name)}`).join(', ');
    yield {
      kind: 'unaccounted',
      text: `${messages.length} messages were sent, and the accounts say: ${text}`,
    };
  }
}

function counted(accounts: readonly Row[], name: string): number {
  return accounts.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
}

/** What no dimensions take for a trade is in the quarantine, once, with all of its bytes. */
function* checkQuarantine(rows: readonly Row[], { messages }: PipelineTruth): Generator<Finding> {
  const parts = Map.groupBy(
    rows.filter((row) => row['Source']?.includes('#state#')),
    (row) => row['Source'] ?? '',
  );
  const payloads = [...parts.values()].map((own) =>
    own
      .toSorted((a, b) => Number(a['Part']) - Number(b['Part']))
      .map((row) => atob(row['Payload'] ?? ''))
      .join(''),
  );
  for (const { label, bytes, trade } of messages) {
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    const found = payloads.filter((payload) => payload === text).length;
    const sent = messages.filter((other) => Buffer.compare(other.bytes, bytes) === 0).length;
    if (trade === undefined && found < sent) {
      yield { kind: 'lost', text: `${label} is not in the quarantine`, records: [label] };
    } else if (found > sent) {
      yield { kind: 'doubled', text: `${label} is in the quarantine ${found} times`, records: [label] };
    }
  }
}

/** What is counted as a conflict or as quarantined is in the quarantine; a redelivery under other dimensions may add to it. */
function* checkQuarantinedCounts(tables: Observed['tables']): Generator<Finding> {
  const accounts = tables['AccountingTable'] ?? [];
  const expected = counted(accounts, 'Conflict') + counted(accounts, 'Quarantined');
  const found = quarantinedBy(tables['QuarantineTable'] ?? [], 'state').size;
  if (found < expected) {
    const text = `${expected} messages are counted as conflicts or quarantined, and the quarantine holds ${found}`;
    yield { kind: 'lost', text };
  }
}

/** An item that is no trade is quarantined by the map stage. */
function* checkForeignItems(rows: readonly Row[], history: History): Generator<Finding> {
  const isWritten = history.some(
    (event) => event.type === 'foreign-write' && event.isDone && event.label === NO_TRADE,
  );
  if (isWritten && quarantinedBy(rows, 'map').size === 0) {
    yield { kind: 'lost', text: `${NO_TRADE} is not in the quarantine` };
  }
}

/** Identities of the records that a stage has quarantined. */
function quarantinedBy(rows: readonly Row[], stage: string): ReadonlySet<string> {
  return new Set(rows.map((row) => row['Source'] ?? '').filter((source) => source.includes(`#${stage}#`)));
}

/** Sums of the trades that stand, each by the dimensions that are recorded with it; items that are no trade add nothing. */
function sumOfTrades(rows: readonly Row[]): ReadonlyMap<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const row of rows) {
    const { Version, Value, Hierarchy, Dimensions } = row as Record<string, string | undefined>;
    if (!/^\d+$/.test(Version ?? '') || Value === undefined || Hierarchy === undefined) {
      continue;
    }
    const segments: Readonly<Record<string, string>> = JSON.parse(Hierarchy);
    let node = '';
    for (const dimension of dimensionsOf(Dimensions)) {
      node = node === '' ? (segments[dimension] ?? '') : `${node}:${segments[dimension]}`;
      sums.set(node, (sums.get(node) ?? 0n) + amountOf(Value));
    }
  }
  return sums;
}

/** What a trade is summed by whose item does not say it. */
function dimensionsOf(recorded: string | undefined): readonly string[] {
  return recorded === undefined ? (deployedDimensions[0] ?? []) : JSON.parse(recorded);
}

function sumOfRows(rows: readonly Row[]): ReadonlyMap<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const row of rows.filter((each) => each['MessageId'] !== NO_ROW)) {
    for (const [node, sum] of Object.entries<string>(JSON.parse(row['Message'] ?? '{}'))) {
      sums.set(node, (sums.get(node) ?? 0n) + amountOf(sum));
    }
  }
  return sums;
}

function* compare(
  what: string,
  actual: ReadonlyMap<string, Amount>,
  expected: ReadonlyMap<string, Amount>,
  { messages }: PipelineTruth,
): Generator<Finding> {
  const labels = new Map<number, string>();
  for (const { label, trade } of messages) {
    if (trade !== undefined && !labels.has(trade.power)) {
      labels.set(trade.power, label);
    }
  }
  for (const node of new Set([...actual.keys(), ...expected.keys()])) {
    const difference = (actual.get(node) ?? 0n) - (expected.get(node) ?? 0n);
    if (node === MESSAGE_COUNT || node === FOREIGN_ROW || difference === 0n) {
      continue;
    }
    const { tooMuch, tooLittle, text } = describeDifference(difference, labels);
    const kind = tooMuch.length > 0 ? 'doubled' : tooLittle.length > 0 ? 'lost' : 'wrong';
    yield { kind, text: `${node} of the ${what}: ${text}`, records: [...tooMuch, ...tooLittle] };
  }
}

function stuckText(stuck: readonly string[], history: History): string {
  const failure = history.findLast(
    (each) => each.type === 'invocation-ended' && each.result === 'failed' && each.error !== '',
  );
  const why = failure?.type === 'invocation-ended' ? `; the last error was ${failure.error}` : '';
  return `${stuck.join('; ')}${why}`;
}
