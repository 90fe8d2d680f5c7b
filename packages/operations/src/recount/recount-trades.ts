import type { Recount, RecountCounter, Repair } from '@oncefold/trades';
import { deleteItems } from '../tables/delete-items.ts';
import { awaitOwnRows, awaitRows } from './await-rows.ts';
import { announceRepair, assertRunning, beginRecount, endRecount } from './control.ts';
import { RecountRefusedError, RecountStalledError } from './errors.ts';
import { markTrades, type Pass, sealTable, type TradesToMark } from './mark-trades.ts';
import { type Measurement, measure, type RecountedNode, readCounter } from './measure.ts';
import { pollMs } from './poll.ts';
import { defaultPosts, type Posts, putPosts, removePosts } from './posts.ts';
import { defaultLimits, type RecountLimits, type RecountOptions } from './recount-options.ts';
import { assertRepairsHaveRoom, writeRepair } from './repair.ts';

/** Passes over the table of trades until one finds nothing to mark. */
const PASSES_MAX = 50;
/** How often something may get in between marking and comparing. */
const ROUNDS_MAX = 20;
/** How often a recount may have to begin anew because it cannot know how many trades it has marked. */
const STARTS_MAX = 5;
/** How often it is asked, while requests may be on their way, whether the recount still runs, in milliseconds. */
const LOOK_MS = 60_000;
/** Pause before sums are compared again because something was committed meanwhile, times the number of the round, in milliseconds. */
const STRAY_PAUSE_MS = 5_000;
/** How often the pipeline is asked without any progress before the recount asks whether it still runs. */
const POLLS_UNASSERTED_MAX = 15;

/** What came of a recount. */
export interface RecountResult {
  readonly number: number;
  /** The last pass over the trades. */
  readonly trades: Pass;
  /** Items that were marked, over all waves: so many writes to the table of trades. */
  readonly marks: number;
  /** Trades that were moved to the dimensions that they are to be summed by; those whose answers were lost for good are not among them. */
  readonly moved: number;
  /** The sums as they were found. */
  readonly found: Measurement;
  /** Rows of sums that their stream has lost. */
  readonly lostRows: readonly string[];
  /** Names of the rows that repair the sums. */
  readonly repairs: readonly string[];
}

/**
 * Adds up all trades again, beside a running pipeline, and compares.
 *
 * 1. A control item says that the recount runs. State writes new trades as members of it; map and reduce keep its sums.
 * 2. Every trade that is there is marked, which makes its item a member: map adds what it is worth to the recount, in the order of the
 *    item's own changes. Passes go on until one finds nothing to mark. Then items all over the table are marked once more, the seal; so
 *    that each partition has some, also one whose trades were all removed, posts are put up: items that are no trades.
 * 3. When all marks are counted in the recount's sums, all changes that came before have become rows of sums; when all rows that exist
 *    are applied, so are these. From then on aggregates and recount get the same increments in the same transactions, and
 *    their difference is the error of the aggregates, whatever flows.
 * 4. If a trade that was no member has been counted since the last pass began, the round is done again.
 * 5. To repair, it compares only when no request can be on its way any more: one of a batch that map has given up may be done after its client
 *    has stopped waiting, and would count again what the repair has made up for. What is delivered again all the same is counted
 *    meanwhile, in the transaction that adds it, and the repair is written only if nothing was.
 *
 * Interrupted at any point it leaves the aggregates as they are, or repaired; run again it begins anew.
 *
 * @param mode - `compare` changes no sum; `repair` writes the difference as rows of sums and waits until they are applied
 * @throws {@link RecountRefusedError} where a recount would say nothing; {@link RecountStalledError} when the pipeline does not go on;
 *   {@link RecountSupersededError} when another run has begun one
 */
export async function recountTrades(
  options: RecountOptions,
  mode: 'compare' | 'repair',
): Promise<RecountResult> {
  const tally = { moved: 0, marks: 0 };
  for (let start = 1; ; start += 1) {
    // With the same owner it would go on with the same recount, in which marks cannot be counted any more.
    const result = await recountOnce({ ...options, owner: `${options.owner}#${start}` }, { mode, tally });
    if (result !== undefined) {
      return result;
    }
    if (start === STARTS_MAX) {
      throw new RecountRefusedError(
        'answers were lost while other programs removed or replaced the same trades, again and again: run the command again',
      );
    }
  }
}

/** Marks that were written with one number of a wave. */
interface Wave {
  readonly wave: number;
  readonly marks: number;
}

interface Run {
  readonly options: RecountOptions;
  readonly limits: RecountLimits;
  readonly recount: Recount;
  readonly trades: TradesToMark;
  readonly mode: 'compare' | 'repair';
  /** When it began, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** Each pass has a wave of its own, so that an item that is marked again is a mark again. */
  readonly nextWave: () => number;
  readonly tally: Tally;
  /** Whether no request can be on its way any more of which map does not count what it adds. */
  readonly requests: { areSettled: boolean };
}

/** What is counted over all rounds, and all recounts that one run begins. */
interface Tally {
  moved: number;
  marks: number;
}

/** One recount; nothing if it cannot know how many trades it has marked. */
async function recountOnce(
  options: RecountOptions,
  { mode, tally }: { readonly mode: 'compare' | 'repair'; readonly tally: Tally },
): Promise<RecountResult | undefined> {
  const { pipeline, path, owner, onProgress, hierarchy } = options;
  const table = pipeline.tables.recount;
  if (mode === 'repair') {
    await assertRepairsHaveRoom(options, { table, path });
  }
  const { number, superseded, startedMs } = await beginRecount(options, { table, owner, path });
  onProgress?.({ phase: 'started', number, superseded });
  let waves = 0;
  const run: Run = {
    options,
    nextWave: () => {
      waves += 1;
      return waves;
    },
    limits: { ...defaultLimits, ...options.limits },
    recount: { number, path },
    mode,
    requests: { areSettled: false },
    startedMs,
    tally,
    trades: { table: pipeline.tables.state, unrecordedHierarchy: pipeline.unrecordedHierarchy, hierarchy },
  };
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const compared = await compareUntilUndisturbed(run);
    if (compared === undefined) {
      return undefined;
    }
    await removePosts(options, postsOf(run));
    if (mode === 'compare') {
      await endRecount(options, { table, number });
      return resultOf(run, compared, []);
    }
    const ids = await repairSums(run, compared);
    if (ids !== undefined) {
      return resultOf(run, compared, ids);
    }
    await options.clock.sleep(round * STRAY_PAUSE_MS, options.signal);
  }
  throw new RecountRefusedError(
    'changes that are not in the recount go on being committed: let the map stage come to rest, and other programs that write trades, then run the command again',
  );
}

function resultOf(
  { recount: { number }, tally }: Run,
  { strays: _, ...compared }: Compared,
  repairs: readonly string[],
): RecountResult {
  return { number, ...compared, ...tally, repairs };
}

/** Writes what the sums lack and ends the recount; nothing if the sums have to be compared again. */
async function repairSums(
  { options, limits, recount, startedMs }: Run,
  { found, strays }: Compared,
): Promise<readonly string[] | undefined> {
  const { pipeline, owner, onProgress, clock } = options;
  const differences = differencesOf(found);
  onProgress?.({ phase: 'repairing', keys: differences.length });
  const repair: Repair = {
    number: recount.number,
    ...(recount.path !== undefined && { path: recount.path }),
    from: Math.floor(startedMs / 1000),
    to: Math.ceil(clock.now() / 1000),
    ...(found.foreign.length > 0 && { except: found.foreign }),
  };
  const ids = await writeRepair(options, pipeline, { repair, owner, differences, strays });
  if (ids === undefined) {
    return undefined;
  }
  await awaitOwnRows(options, pipeline, { ids, stallMsMax: limits.stallMsMax });
  await assertRepaired(options, { recount, differences });
  await endRecount(options, { table: pipeline.tables.recount, number: recount.number });
  return ids;
}

/** Reduce has applied the repair: if no sum is another one, it was to another table. */
async function assertRepaired(
  options: RecountOptions,
  { recount, differences }: { readonly recount: Recount; readonly differences: readonly RecountedNode[] },
): Promise<void> {
  const { tables } = options.pipeline;
  const { nodes } = await measure(options, tables, recount);
  const now = new Map(nodes.map(({ key, actual }) => [key, actual]));
  if (differences.length > 0 && differences.every(({ key, actual }) => now.get(key) === actual)) {
    throw new RecountRefusedError(
      `${tables.aggregate} is as it was, though the reduce function has added what it lacks: it adds to another table, whose sums are wrong now; ` +
        'rebuild that one',
    );
  }
}

/** The sums as they were found. */
interface Comparison extends Pick<RecountResult, 'found' | 'lostRows'> {
  /** The counter `stray`, before that. */
  readonly strays: number;
}

interface Compared extends Comparison, Pick<RecountResult, 'trades'> {}

async function compareUntilUndisturbed(run: Run): Promise<Compared | undefined> {
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const marked = await markUntilClean(run);
    if (marked === undefined) {
      return undefined;
    }
    const seal = await sealAfter(run, marked.pass);
    if (seal === undefined || !(await areCounted(run, [...marked.waves, seal]))) {
      return undefined;
    }
    run.tally.marks += [...marked.waves, seal].reduce((sum, wave) => sum + wave.marks, 0);
    await letRequestsLand(run);
    const compared = await compareOnce(run, marked.outsideBefore);
    if (compared !== undefined) {
      return { ...compared, trades: marked.pass };
    }
  }
  throw new RecountRefusedError(
    `trades that are not in recount ${run.recount.number} go on being written: is there an old version of the state function, or ` +
      'another program that writes trades? Let it rest, then run the command again',
  );
}

/**
 * Waits for all rows, and compares; nothing if something got in between.
 *
 * @param outsideBefore - changes of trades that were no members, as counted before the last pass
 */
async function compareOnce(run: Run, outsideBefore: number): Promise<Comparison | undefined> {
  const { options, recount, limits, startedMs, tally } = run;
  const { tables } = options.pipeline;
  const counter = { recount: recount.number, counter: 'stray' } as const;
  const strays = await readCounter(options, tables.recount, counter);
  const { ids: lostRows } = await awaitRows(options, options.pipeline, {
    startedMs,
    hasMarked: tally.marks > 0,
    stallMsMax: limits.stallMsMax,
    onPending: (pending) => options.onProgress?.({ phase: 'waiting for rows', pending }),
  });
  options.onProgress?.({ phase: 'comparing' });
  const found = await measure(options, tables, recount);
  // After that, because a counter grows with the sums that it is about.
  await refuseIfUncountable(run);
  if ((await countOutside(run)) !== outsideBefore) {
    return undefined;
  }
  await assertRunning(options, { table: tables.recount, owner: options.owner, number: recount.number });
  return { found, lostRows, strays };
}

/** Before the first comparison of a repair: has map count what is delivered again, and lets land what is on its way without that. */
async function letRequestsLand(run: Run): Promise<void> {
  const { options, mode, recount, limits } = run;
  if (mode === 'compare' || run.requests.areSettled) {
    return;
  }
  const { clock, signal, owner, pipeline, onProgress } = options;
  const of = { table: pipeline.tables.recount, owner, number: recount.number };
  await announceRepair(options, of);
  const untilMs = clock.now() + limits.settleMs;
  for (let leftMs = limits.settleMs; leftMs > 0; leftMs = untilMs - clock.now()) {
    onProgress?.({ phase: 'settling', leftMs });
    await clock.sleep(Math.min(leftMs, LOOK_MS), signal);
    // The clock follows that of the tables, by their answers.
    await assertRunning(options, of);
  }
  run.requests.areSettled = true;
}

function differencesOf({ nodes }: Measurement): readonly RecountedNode[] {
  return nodes.filter(({ difference }) => difference !== 0n);
}

/** Passes over the table until one finds nothing to mark. */
async function markUntilClean(
  run: Run,
): Promise<
  { readonly pass: Pass; readonly waves: readonly Wave[]; readonly outsideBefore: number } | undefined
> {
  const { options, recount, limits, trades } = run;
  const waves: Wave[] = [];
  let marks = 0;
  for (let number = 1; number <= PASSES_MAX; number += 1) {
    const outsideBefore = await countOutside(run);
    const before = marks;
    const wave = run.nextWave();
    const onPage = ({ items, marked }: Pass): void =>
      options.onProgress?.({ phase: 'marking', pass: number, items, marked: before + marked });
    const pass = await markTrades(options, trades, { recount, wave, limits, onPage });
    run.tally.moved += pass.moved;
    if (pass.unknown > 0) {
      return undefined;
    }
    marks += pass.marked;
    waves.push({ wave, marks: pass.marked });
    await assertRunning(options, {
      table: options.pipeline.tables.recount,
      owner: options.owner,
      number: recount.number,
    });
    if (pass.toMark === 0) {
      return { pass, waves, outsideBefore };
    }
  }
  throw new RecountRefusedError(
    `there was something to mark in each of ${PASSES_MAX} passes over ${trades.table}: is there an old version of the state function, or ` +
      'one with other dimensions, or an attribute Recount of another program?',
  );
}

/** Marks items all over the table once more; nothing if it cannot know how many. */
async function sealAfter(run: Run, { items }: Pass): Promise<Wave | undefined> {
  const { options, recount, limits, nextWave } = run;
  const table = options.pipeline.tables.state;
  await putPosts(options, postsOf(run), limits.marksPerSecondMax);
  const wave = nextWave();
  const mark = { number: recount.number, wave };
  const { marked, unknown, formerPosts } = await sealTable(options, table, { mark, items, limits });
  await deleteItems(options, { table, keys: formerPosts.map((id) => ({ id: { S: id } })) });
  return unknown > 0 ? undefined : { wave, marks: marked };
}

function postsOf({ options, recount: { number } }: Run): Posts {
  const indexes = (options.posts ?? defaultPosts)(number);
  return { table: options.pipeline.tables.state, recount: number, indexes };
}

/**
 * Waits until all marks have been counted in the sums of the recount.
 *
 * @returns false when more were counted than written: a request landed twice, because another program had put the item back between
 */
async function areCounted(run: Run, waves: readonly Wave[]): Promise<boolean> {
  for (const wave of waves) {
    if (wave.marks > 0 && !(await isCounted(run, wave))) {
      return false;
    }
  }
  return true;
}

async function isCounted({ options, recount, limits }: Run, { wave, marks }: Wave): Promise<boolean> {
  const { clock, signal } = options;
  const table = options.pipeline.tables.recount;
  let before = -1;
  let changedMs = clock.now();
  let unchanged = 0;
  for (;;) {
    const applied = await readCounter(options, table, { recount: recount.number, counter: `wave ${wave}` });
    options.onProgress?.({ phase: 'waiting for marks', applied, marked: marks });
    if (applied >= marks) {
      return applied === marks;
    }
    if (applied !== before) {
      before = applied;
      changedMs = clock.now();
      unchanged = 0;
    } else {
      unchanged += 1;
      if (unchanged % POLLS_UNASSERTED_MAX === 0) {
        // Marks of a recount that was superseded are not counted.
        await assertRunning(options, { table, owner: options.owner, number: recount.number });
      }
      if (clock.now() - changedMs > limits.stallMsMax) {
        throw new RecountStalledError(`${applied} of ${marks} marks are counted`, limits.stallMsMax);
      }
    }
    await clock.sleep(pollMs(unchanged), signal);
  }
}

function countOutside({ options, recount }: Run): Promise<number> {
  const table = options.pipeline.tables.recount;
  return readCounter(options, table, { recount: recount.number, counter: 'outside' });
}

/** Why a recount is refused, by the counter under which map counts it. */
const REFUSALS: readonly (readonly [RecountCounter, string])[] = [
  [
    'keeping expired trades',
    'this pipeline keeps expired trades in its totals (ExpiredTrades=keep), and nothing but the totals knows them any more: ' +
      'they cannot be added up again',
  ],
  [
    'too long',
    'there are trades of a node whose key has almost 2,048 bytes, which leaves no room for its sum in the recount: give these trades shorter ' +
      'values in their Hierarchy, or remove them, or recount another path, then run the command again',
  ],
];

async function refuseIfUncountable({ options, recount }: Run): Promise<void> {
  const table = options.pipeline.tables.recount;
  for (const [counter, refusal] of REFUSALS) {
    if ((await readCounter(options, table, { recount: recount.number, counter })) > 0) {
      throw new RecountRefusedError(refusal);
    }
  }
}
