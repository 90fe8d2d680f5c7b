import { type Contribution, type Decimal, mergeContributions, one } from '@oncefold/reducer';
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

/** What functions know of recounts. */
export interface RecountState {
  /** The newest one, whether it runs or not; 0 before the first. State writes new items as members of it. */
  readonly newest: number;
  /** The one that runs, if any does. */
  readonly running: Recount | undefined;
  /** Those that have repaired the aggregates. */
  readonly repairs: readonly Recount[];
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
  /** Marks that were seen by a function that keeps expired trades in the totals. */
  | 'keeping expired trades';

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

/** The key of a recount's counter. */
export function recountCounterKey(recount: number, counter: RecountCounter): string {
  return recountKey(recount, `${PREFIX}${counter}`);
}

/** Begins the id of an item of the state table that is a recount's own, and no trade. */
const POST_PREFIX = ':recount:';

/**
 * The id of a post: an item of the state table that is no trade, by which a recount sees how far a partition is processed that holds
 * no trade.
 */
export function recountPostId(recount: number, index: number): string {
  return `${POST_PREFIX}${recount}:${index}`;
}

/** The number of the recount whose post an item is; absent where it is none. */
export function recountOfPostId(id: string): number | undefined {
  const [, number] = /^:recount:(\d+):\d+$/.exec(id) ?? [];
  return number === undefined ? undefined : Number(number);
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
  return path === undefined || nodesOf(trade).some((node) => node === path);
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
  const sums = new Map<string, Decimal>();
  for (const [node, sum] of contributionOfTradeChange(memberIn(before, number), memberIn(after, number))) {
    if (node !== MESSAGE_COUNT && isWithin(path, node)) {
      sums.set(recountKey(number, node), sum);
    }
  }
  const counters = countersOf(recount, before, after).map((counter): [string, Decimal] => [
    recountCounterKey(number, counter),
    one,
  ]);
  if (keepsExpired && counters.length > 0) {
    counters.push([recountCounterKey(number, 'keeping expired trades'), one]);
  }
  return mergeContributions([sums, new Map(counters)]);
}

/**
 * What a change adds that its mapping had given up and that is handed in again.
 *
 * A trade that entered a recount after the change was counted with it, and if that recount has repaired the aggregates, the change is in
 * them: it only counts as a message, which no recount makes up for.
 *
 * @param contribution - what it adds to the aggregates otherwise
 * @returns what it adds; `undecided` where a recount of one path has repaired some of its nodes, because a trade that
 *   moves into a path may have done so before or after
 */
export function contributionAfterRepairs(
  repairs: readonly Recount[],
  { before, after }: { readonly before: RecountedItem; readonly after: RecountedItem },
  contribution: Contribution,
): Contribution | 'undecided' {
  const entered = (after.exists ? after : before).mark?.number ?? 0;
  const later = repairs.filter(({ number }) => number > entered);
  if (later.some(({ path }) => path === undefined)) {
    return new Map([...contribution].filter(([key]) => key === MESSAGE_COUNT));
  }
  const isTouched = (key: string): boolean =>
    key !== MESSAGE_COUNT && later.some(({ path }) => isWithin(path, key));
  return [...contribution.keys()].some(isTouched) ? 'undecided' : contribution;
}

/** Writes which recounts have repaired the aggregates, as the control item keeps them. */
export function formatRepairs(repairs: readonly Recount[]): string {
  return JSON.stringify(
    repairs.map(({ number, path }) => (path === undefined ? { number } : { number, path })),
  );
}

/**
 * Reads what {@link formatRepairs} has written.
 *
 * @returns nothing where it is something else
 */
export function parseRepairs(text: string | undefined): readonly Recount[] | undefined {
  if (text === undefined) {
    return [];
  }
  try {
    const repairs: unknown = JSON.parse(text);
    return Array.isArray(repairs) && repairs.every(isRecount) ? repairs : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Repairs that are kept; one of everything makes those before it superfluous. */
const REPAIRS_MAX = 50;

/** Adds a recount to the repairs, once. */
export function addRepair(repairs: readonly Recount[], recount: Recount): readonly Recount[] {
  const others = repairs.filter(({ number }) => number !== recount.number);
  return recount.path === undefined ? [recount] : [...others, recount].slice(-REPAIRS_MAX);
}

function isRecount(value: unknown): value is Recount {
  const { number, path } = (value ?? {}) as Partial<Record<keyof Recount, unknown>>;
  return Number.isSafeInteger(number) && (path === undefined || typeof path === 'string');
}

function countersOf(recount: Recount, before: RecountedItem, after: RecountedItem): RecountCounter[] {
  const { number } = recount;
  const { mark, trade } = after;
  if (mark?.number !== number) {
    return trade !== undefined && isInScope(recount, trade) ? ['outside'] : [];
  }
  const waveBefore = before.mark?.number === number ? before.mark.wave : undefined;
  return before.exists && mark.wave !== undefined && mark.wave !== waveBefore ? [`wave ${mark.wave}`] : [];
}

function memberIn({ trade, mark }: RecountedItem, recount: number): Trade | undefined {
  return mark?.number === recount ? trade : undefined;
}

function nodesOf(trade: Trade): readonly string[] {
  return [...contributionOfTradeChange(undefined, trade).keys()].filter((key) => key !== MESSAGE_COUNT);
}

function wholeNumber(attribute: Attribute | undefined): number | undefined {
  const value = Number(attribute?.N);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
