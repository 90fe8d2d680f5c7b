import { type Contribution, type Decimal, isLongerThan, one, sumContributions } from '@oncefold/reducer';
import { MESSAGE_COUNT } from './hierarchy.ts';
import { contributionOfTradeChange, type Trade } from './trade.ts';

/**
 * A recount adds up all trades again while the pipeline goes on, into sums of its own.
 *
 * Each trade enters it by a write to its item, and from then on its changes count for the recount as well as for the aggregates.
 * So nothing has to be read at one moment: the item's own stream says which changes came before it entered, and which after.
 */
export interface Recount {
  /** From 1; a later recount has a higher number. */
  readonly number: number;
  /** The node that is recounted with everything below it; absent: all nodes. */
  readonly path?: string | undefined;
}

/** A recount that functions keep the sums of. */
export interface RunningRecount extends Recount {
  /**
   * Set from when all its marks are counted until it has repaired the aggregates. What map adds meanwhile for a trade that is no member is
   * delivered again, after it was given up, and is counted as `stray` in the transaction that adds it.
   */
  readonly repairing?: string | undefined;
}

/** A recount that has repaired the aggregates. */
export interface Repair extends Recount {
  /** When it began, and when it wrote the repair, in seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Whether it has written a part of the repair only. */
  readonly isPartial?: boolean | undefined;
  /** Keys that it took for another program's, and left as they were. */
  readonly except?: readonly string[] | undefined;
}

/** What functions know of recounts. */
export interface RecountState {
  /** The newest one, whether it runs or not; 0 before the first. State writes new items as members of it. */
  readonly newest: number;
  /** The one that runs, if any does. */
  readonly running: RunningRecount | undefined;
  /** Those that have repaired the aggregates. */
  readonly repairs: readonly Repair[];
  /** The run that began the newest one: another text as soon as another recount begins. */
  readonly owner: string;
}

/** Where a trade is in recounts, as its item says. */
export interface RecountMark {
  /** The newest recount that the trade has entered. */
  readonly number: number;
  /** The last wave of marks that has reached it; absent where the item was written by the state function while that recount ran. */
  readonly wave?: number | undefined;
}

/** An item of the state table, as a change of it shows it. */
export interface RecountedItem {
  /** Absent where there is no item, or one that is no trade. */
  readonly trade?: Trade | undefined;
  readonly mark?: RecountMark | undefined;
  /** Whether there is an item. */
  readonly exists: boolean;
}

/** Attributes of an item that hold its {@link RecountMark}. */
export const recountAttributes = { number: 'Recount', wave: 'RecountWave' } as const;

/** Key of the item of the recount table that says which recount runs. */
export const RECOUNT_CONTROL_KEY = ':control';

/** What a recount counts beside its nodes. */
export type RecountCounter =
  /** Trades that a wave of marks has reached. */
  | `wave ${number}`
  /** Changes of trades that have not entered. */
  | 'outside'
  /** Changes of trades that have not entered, committed when the recount was about to repair the aggregates. */
  | 'stray'
  /** Changes of trades with a node whose name leaves no room for a recount's. */
  | 'too long'
  /** Marks that were seen by a function that keeps expired trades in the totals. */
  | 'keeping expired trades';

/** DynamoDB's own limit of a key, which a node may have too. */
const KEY_BYTES_MAX = 2_048;

/** No node begins so, because no segment is empty. */
const PREFIX = ':';

/** Whether a key of a row of sums belongs to a recount; all others are nodes, or `message_count`. */
export function isRecountKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** The key of a node's sum in a recount. */
export function recountKey(recount: number, node: string): string {
  return `${PREFIX}${recount}${PREFIX}${node}`;
}

/** Whether the key of a node leaves room for that of its sum in a recount. */
export function hasRecountKey(recount: number, node: string): boolean {
  return !isLongerThan(recountKey(recount, node), KEY_BYTES_MAX);
}

/** The key of a recount's counter. */
export function recountCounterKey(recount: number, counter: RecountCounter): string {
  return recountKey(recount, `${PREFIX}${counter}`);
}

/** Begins the id of an item of the state table that is a recount's own, and no trade. */
const POST_PREFIX = ':recount:';

/** Whether an id of the state table is kept for recounts: no trade has it. */
export function isReservedTradeId(id: string): boolean {
  return id.startsWith(POST_PREFIX);
}

/**
 * The id of a post: an item of the state table that is no trade, by which a recount sees how far a partition is processed that holds
 * no trade.
 */
export function recountPostId(recount: number, index: number): string {
  return `${POST_PREFIX}${recount}:${index}`;
}

/** The number of the recount whose post an item is; absent where it is none. No post has a version, as trades have. */
export function recountOfPost(item: Readonly<Record<string, Attribute>>): number | undefined {
  const [, number] = /^:recount:(\d+):\d+$/.exec(item['id']?.S ?? '') ?? [];
  return number === undefined || item['Version'] !== undefined ? undefined : Number(number);
}

/** The name of a row of sums that repairs aggregates, in place of what made it. */
export function repairRowId(recount: number, index: number): string {
  return `recount#${recount}#${index}`;
}

/** Whether a row of sums repairs aggregates. */
export function isRepairRowId(id: string): boolean {
  return /^recount#\d+#\d+$/.test(id);
}

/** The number of the recount that a key belongs to; absent where it belongs to none. */
export function recountOfKey(key: string): number | undefined {
  const [, number] = /^:(\d+):/.exec(key) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Reads a key of a recount back, or nothing where it is none of the recount's nodes. */
export function nodeOfRecountKey(recount: number, key: string): string | undefined {
  const prefix = recountKey(recount, '');
  const node = key.startsWith(prefix) ? key.slice(prefix.length) : '';
  return node === '' || isRecountKey(node) ? undefined : node;
}

/** As the SDK and stream events give an attribute. */
interface Attribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
}

/** Reads the mark of an item; one that is no whole number is none. */
export function recountMarkOf(item: Readonly<Record<string, Attribute>>): RecountMark | undefined {
  const number = wholeNumber(item[recountAttributes.number]);
  return number === undefined ? undefined : { number, wave: wholeNumber(item[recountAttributes.wave]) };
}

/** Whether a node is the path of a recount or lies below it. */
export function isWithin(path: string | undefined, node: string): boolean {
  return path === undefined || node === path || node.startsWith(`${path}:`);
}

/** Whether a recount is to hold a trade. */
export function isInScope({ path }: Recount, trade: Trade): boolean {
  return path === undefined || trade.nodes.includes(path);
}

/**
 * What a change of an item adds to a recount's sums and counters.
 *
 * The sums grow by what the trade is worth when it enters, and by every change after that: the same that the change adds to the
 * aggregates. Both are added in one transaction, so that once every trade has entered, and all that came before is applied, the
 * difference between aggregates and recount stays what it is.
 *
 * @param keepsExpired - whether the function keeps expired trades in the totals; a recount cannot find those
 */
export function contributionToRecount(
  recount: Recount,
  { before, after }: { readonly before: RecountedItem; readonly after: RecountedItem },
  keepsExpired: boolean,
): Contribution {
  const { number, path } = recount;
  const counters = countersOf(recount, before, after);
  if (keepsExpired && counters.length > 0) {
    counters.push('keeping expired trades');
  }
  const nodes = [...contributionOfTradeChange(memberIn(before, number), memberIn(after, number))].filter(
    ([node]) => node !== MESSAGE_COUNT && isWithin(path, node),
  );
  const addable = nodes.filter(([node]) => hasRecountKey(number, node));
  if (addable.length < nodes.length) {
    // What cannot be added up must not stop the aggregates.
    counters.push('too long');
  }
  const sums = new Map(addable.map(([node, sum]): [string, Decimal] => [recountKey(number, node), sum]));
  const counted = counters.map((counter): [string, Decimal] => [recountCounterKey(number, counter), one]);
  return sumContributions([sums, new Map(counted)]);
}

/**
 * What a change adds that its mapping had given up and that is handed in again.
 *
 * A change that came before a recount was counted with it, and if that recount has repaired the aggregates, the change is in them: it only
 * counts as a message, which no recount makes up for. An item that is in the recount tells that its change came after it. One that is not may
 * also have been written by another program since, so then the time of the change decides.
 *
 * @param writtenAt - when the change was written, in seconds since the epoch; absent where nobody tells
 * @param contribution - what it adds to the aggregates otherwise
 * @returns what it adds; `undecided` where a repair may or may not have made up for it
 */
export function contributionAfterRepairs(
  repairs: readonly Repair[],
  change: {
    readonly before: RecountedItem;
    readonly after: RecountedItem;
    readonly writtenAt: number | undefined;
  },
  contribution: Contribution,
): Contribution | 'undecided' {
  const { before, after, writtenAt } = change;
  const entered = (after.exists ? after : before).mark?.number ?? 0;
  return withoutRepaired(repairs, contribution, (repair) =>
    repair.number > entered ? timeOf(writtenAt, repair) : 'after',
  );
}

/**
 * What a row of sums adds that its mapping had given up and that is handed in again.
 *
 * A recount waits until all rows are applied but those that their stream has lost, a day and more before it began. So a row that was
 * there before and is not applied was lost, or deleted, and the recount has made up for it; one that was written since is in neither of
 * its sums.
 *
 * @param writtenAt - when the row was written, in seconds since the epoch; absent where nobody tells
 * @returns what it adds; `undecided` where a repair may or may not have made up for it
 */
export function rowAfterRepairs(
  repairs: readonly Repair[],
  writtenAt: number | undefined,
  contribution: Contribution,
): Contribution | 'undecided' {
  return withoutRepaired(repairs, contribution, ({ from }) =>
    writtenAt === undefined ? 'unknown' : isRowBefore(writtenAt, from) ? 'before' : 'after',
  );
}

/** Rows that are younger when a recount begins are waited for; far more than clocks differ, far less than a stream keeps its records. */
const ROW_SECONDS = 60 * 60;

/**
 * Whether a recount makes up for a row of sums, if it is not applied.
 *
 * @param writtenAt - when the row was written, in seconds since the epoch
 * @param from - when the recount began, in seconds since the epoch
 */
export function isRowBefore(writtenAt: number, from: number): boolean {
  return writtenAt + ROW_SECONDS < from;
}

type When = 'before' | 'after' | 'unknown';

/** Leaves out what repairs have made up for; `undecided` where that is not known. */
function withoutRepaired(
  repairs: readonly Repair[],
  contribution: Contribution,
  whenOf: (repair: Repair) => When,
): Contribution | 'undecided' {
  if (repairs.length === 0) {
    return contribution;
  }
  const concerned = repairs.map((repair) => ({ repair, when: whenOf(repair) }));
  const isRepaired = (key: string, { isCertain }: { readonly isCertain: boolean }): boolean =>
    concerned.some(
      ({ repair, when }) =>
        when !== 'after' &&
        isCertain === (when === 'before' && repair.isPartial !== true) &&
        isRepairedBy(repair, key),
    );
  // What one repair has certainly made up for no other has to.
  const lacking = [...contribution].filter(([key]) => !isRepaired(key, { isCertain: true }));
  return lacking.some(([key]) => isRepaired(key, { isCertain: false })) ? 'undecided' : new Map(lacking);
}

/** Whether a repair makes up for what a key lacks. */
function isRepairedBy({ path, except }: Repair, key: string): boolean {
  return key !== MESSAGE_COUNT && isWithin(path, key) && except?.includes(key) !== true;
}

/** The repairs that certainly began after a change was written; where nobody tells when that was, none. */
export function repairsSince(repairs: readonly Repair[], writtenAt: number | undefined): readonly Repair[] {
  return repairs.filter((repair) => timeOf(writtenAt, repair) === 'before');
}

/** How far the clocks of DynamoDB and of whoever repairs may be apart, in seconds. */
const CLOCK_SECONDS_MAX = 60;

function timeOf(writtenAt: number | undefined, { from, to }: Repair): When {
  if (writtenAt === undefined || !Number.isFinite(from) || !Number.isFinite(to)) {
    return 'unknown';
  }
  // Streams tell whole seconds; those of DynamoDB Local whole minutes.
  const latest = writtenAt + (writtenAt % 60 === 0 ? 60 : 1);
  if (latest + CLOCK_SECONDS_MAX <= from) {
    return 'before';
  }
  return writtenAt > to + CLOCK_SECONDS_MAX ? 'after' : 'unknown';
}

/** Writes which recounts have repaired the aggregates, as the control item keeps them. */
export function formatRepairs(repairs: readonly Repair[]): string {
  return JSON.stringify(repairs);
}

/**
 * Reads what {@link formatRepairs} has written.
 *
 * @returns nothing where it is something else
 */
export function parseRepairs(text: string | undefined): readonly Repair[] | undefined {
  if (text === undefined) {
    return [];
  }
  try {
    const repairs: unknown = JSON.parse(text);
    return Array.isArray(repairs) && repairs.every(isRepair) ? repairs : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Repairs of paths that can be told; a repair of everything makes those before it superfluous. */
export const REPAIRS_MAX = 50;

/** Adds a repair to those before it, which it makes superfluous where it has repaired all that they have. */
export function addRepair(repairs: readonly Repair[], repair: Repair): readonly Repair[] {
  const isSuperfluous = (one: Repair): boolean =>
    (repair.path === undefined || (one.path !== undefined && isWithin(repair.path, one.path))) &&
    repair.except?.some((key) => isRepairedBy(one, key)) !== true;
  // What is not repaired whole makes up for nothing yet.
  const kept = repair.isPartial === true ? repairs : repairs.filter((one) => !isSuperfluous(one));
  return [...kept.filter(({ number }) => number !== repair.number), repair];
}

function isRepair(value: unknown): value is Repair {
  const { number, path, from, to, except = [] } = (value ?? {}) as Partial<Record<keyof Repair, unknown>>;
  return (
    Number.isSafeInteger(number) &&
    Number.isSafeInteger(from) &&
    Number.isSafeInteger(to) &&
    (path === undefined || typeof path === 'string') &&
    Array.isArray(except) &&
    except.every((key) => typeof key === 'string')
  );
}

function countersOf(recount: Recount, before: RecountedItem, after: RecountedItem): RecountCounter[] {
  const { number } = recount;
  const { mark } = after;
  if (mark?.number !== number) {
    // Also one that leaves: its row may be applied before that of its coming.
    return [before, after].some((item) => isOutside(recount, item)) ? ['outside'] : [];
  }
  const waveBefore = before.mark?.number === number ? before.mark.wave : undefined;
  return before.exists && mark.wave !== undefined && mark.wave !== waveBefore ? [`wave ${mark.wave}`] : [];
}

function isOutside(recount: Recount, { mark, trade }: RecountedItem): boolean {
  return mark?.number !== recount.number && trade !== undefined && isInScope(recount, trade);
}

function memberIn({ trade, mark }: RecountedItem, recount: number): Trade | undefined {
  return mark?.number === recount ? trade : undefined;
}

function wholeNumber(attribute: Attribute | undefined): number | undefined {
  const value = Number(attribute?.N);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
