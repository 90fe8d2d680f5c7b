import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  deleteDone,
  type FailedBatch,
  type RedriveAccess,
  RedriveRefusedError,
  readBatches,
  redriveBatch,
} from '@oncefold/operations/redrive';
import type { Draw, MappingDefinition, ProgramDefinition, ProgramEnvironment } from '@oncefold/simulator';
import { deployedDimensions, type PipelineParts } from './functions.ts';
import { createRecountProgram, type RecountPlan, type RecountReport } from './recount-load.ts';

/** Histories in which somebody rebuilds the sums beside the redrives, and those of them in which nothing is repaired. */
const REBUILD_SHARE = 0.25;
const COMPARE_SHARE = 0.15;

/** Longest time after the traffic at which somebody redrives or rebuilds. */
const LATE_MS_MAX = 10 * 60_000;
/** How long before a rebuild a redrive begins that is on its way when that begins: with answers, or without. */
const BESIDE_MS_MAX = [500, 60_000] as const;

/** A rebuild that waits for what was given up is run again; until then nothing of it can be redriven. */
const STALL_MS_MAX = 5 * 60_000;

/** Pause between two passes of whoever redrives until nothing is left; requests that are on their way land within it. */
const PASS_PAUSE_MS = 20 * 60_000;
const PASSES_MAX = 40;
/** Passes that find nothing, before nothing is left. */
const QUIET_PASSES = 2;
/** A rebuild tells of a change only that was written so long before it began. */
const REBUILD_PAUSE_MS = 3 * 60_000;
/** Rebuilds after each of which something is refused all the same, before a row is deleted that they have left alone. */
const REBUILDS_UNAIDED = 3;

/** Keys of one commit: so few that small batches need several, and as many as one record or one row may have. */
const KEYS_MAX = { alone: { map: 7, reduce: 7 }, rebuilt: { map: 16, reduce: 80 } } as const;

/** What is given up and redriven in a history. */
export interface RedriveLoad {
  /** For the mappings of map and reduce. */
  readonly settings: Readonly<Record<'map' | 'reduce', Partial<MappingDefinition['settings']>>>;
  readonly keysMax: Readonly<Record<'map' | 'reduce', number>>;
  readonly programs: readonly ProgramDefinition[];
  /** What is run from the moment on when nothing fails any more, until nothing that was given up is left. */
  readonly lastProgram: (atMs: number) => ProgramDefinition;
  /** Whether sums are rebuilt beside it. */
  readonly isRebuilt: boolean;
  /** Which of the deployed dimensions come first. */
  readonly firstDimensions: number;
}

/** Draws mappings that give batches up, people who redrive them, and sometimes a rebuild beside. */
export function drawRedrive(
  draw: Draw,
  context: { readonly lastAtMs: number; readonly nodes: readonly string[]; readonly parts: PipelineParts },
): RedriveLoad {
  const { lastAtMs, nodes, parts } = context;
  const spanMs = lastAtMs + draw.pick([1_000, 20_000, LATE_MS_MAX]);
  const rebuild = draw.chance(REBUILD_SHARE) ? drawRebuild(draw.fork('rebuild'), spanMs, nodes) : undefined;
  // A crashed rebuild runs until it is run again.
  const state = { isRebuilding: false };
  const names = draw.chance(0.5) ? ['redrive', 'other-redrive'] : ['redrive'];
  const programs = names.map((name) =>
    drawRedriveProgram(draw.fork(name), { name, spanMs, rebuildAtMs: rebuild?.atMs, parts, state }),
  );
  const plan: RecountPlan = {
    run: { mode: 'repair', path: undefined },
    dimensions: undefined,
    limits: LIMITS,
    parts,
  };
  return {
    settings: {
      map: {
        ...drawGivingUp(draw.fork('map')),
        // The marks of a rebuild, one by one, would take most of the time.
        ...(rebuild !== undefined && { batchSize: draw.pick([20, 100]) }),
      },
      reduce: drawGivingUp(draw.fork('reduce')),
    },
    keysMax: rebuild === undefined ? KEYS_MAX.alone : KEYS_MAX.rebuilt,
    programs: [
      ...programs,
      ...(rebuild === undefined ? [] : [beside(rebuildProgram(rebuild, parts), state)]),
    ],
    lastProgram: (atMs) => ({
      name: 'last-redrive',
      atMs,
      run: (environment) =>
        redriveUntilNothingIsLeft(environment, { name: 'last-redrive', parts, state }, () =>
          createRecountProgram('last-rebuild', 0, plan).run(environment),
        ),
    }),
    isRebuilt: rebuild !== undefined,
    // With one level a node whose last trade has moved looks like another program's row.
    firstDimensions: draw.pick([0, 0, deployedDimensions.length - 1]),
  };
}

/** How often a client sends a request that may be sent again. */
const ATTEMPTS = 5;

/** So few attempts that batches are given up in most histories; in some, records that are too old. */
function drawGivingUp(draw: Draw): Partial<MappingDefinition['settings']> {
  return {
    maximumRetryAttempts: draw.pick([0, 0, 1, 2]),
    ...(draw.chance(0.2) && { maximumRecordAgeInSeconds: draw.integer(60, 180) }),
    bisectBatchOnFunctionError: draw.chance(0.25),
    destinationConfig: { onFailure: { destination: 'arn:aws:s3:::failed-batches' } },
  };
}

const LIMITS = { requestsMax: 2, marksPerSecondMax: 0, stallMsMax: STALL_MS_MAX };

interface Rebuild {
  readonly atMs: number;
  readonly run: RecountPlan['run'];
}

function drawRebuild(draw: Draw, spanMs: number, nodes: readonly string[]): Rebuild {
  return {
    atMs: draw.pick([draw.integer(0, spanMs), spanMs, spanMs + draw.integer(0, LATE_MS_MAX)]),
    run: {
      mode: draw.chance(COMPARE_SHARE) ? 'compare' : 'repair',
      path: nodes.length > 0 && draw.chance(0.2) ? draw.pick(nodes) : undefined,
    },
  };
}

function rebuildProgram({ atMs, run }: Rebuild, parts: PipelineParts): ProgramDefinition {
  return createRecountProgram('rebuild', atMs, { run, dimensions: undefined, limits: LIMITS, parts });
}

interface State {
  isRebuilding: boolean;
}

/** Tells whoever redrives that a rebuild runs. */
function beside(program: ProgramDefinition, state: State): ProgramDefinition {
  return {
    ...program,
    run: async (environment) => {
      state.isRebuilding = true;
      const text = await program.run(environment);
      state.isRebuilding = false;
      return text;
    },
  };
}

interface Redriving {
  readonly name: string;
  readonly parts: PipelineParts;
  readonly state: State;
  /** Deletes what is redriven. */
  readonly deletes?: boolean;
  /** Largest event of one invocation: with a small one, a batch takes several. */
  readonly payloadBytesMax?: number | undefined;
}

function drawRedriveProgram(
  draw: Draw,
  context: Pick<Redriving, 'name' | 'parts' | 'state'> & {
    readonly spanMs: number;
    readonly rebuildAtMs: number | undefined;
  },
): ProgramDefinition {
  const { name, spanMs, rebuildAtMs = spanMs } = context;
  const redriving: Redriving = {
    ...context,
    deletes: draw.chance(0.3),
    payloadBytesMax: draw.chance(0.3) ? 1 : undefined,
  };
  // Who insists runs it again as long as something cannot be redriven.
  const insists = draw.chance(0.5);
  const passes = draw.integer(1, 3);
  const pauseMs = draw.pick([0, 5_000, 60_000]);
  return {
    name,
    atMs: draw.pick([
      draw.integer(0, spanMs),
      Math.max(0, rebuildAtMs - draw.integer(0, draw.pick(BESIDE_MS_MAX))),
      rebuildAtMs + draw.integer(0, LATE_MS_MAX),
    ]),
    run: async (environment) => {
      for (let pass = 1; ; pass += 1) {
        const { open, text } = await redriveAll(environment, redriving);
        if (pass >= passes && (open === 0 || !insists)) {
          return text;
        }
        if (pass > passes) {
          throw new Error(`something could not be redriven: ${text}`);
        }
        await environment.clock.sleep(pauseMs);
      }
    },
  };
}

/** Redrives until nothing that was given up is left; what is refused for a rebuild, after another one, as the runbook has it. */
async function redriveUntilNothingIsLeft(
  environment: ProgramEnvironment,
  redriving: Redriving,
  rebuild: () => Promise<string>,
): Promise<string> {
  let quiet = 0;
  let rebuilds = 0;
  for (let pass = 1; quiet < QUIET_PASSES; pass += 1) {
    const { open, isUndecided, text } = await redriveAll(environment, redriving);
    if (pass === PASSES_MAX) {
      throw new Error(`something is left after ${pass} passes: ${text}`);
    }
    quiet = open === 0 ? quiet + 1 : 0;
    if (isUndecided) {
      await environment.clock.sleep(REBUILD_PAUSE_MS);
      const { foreign } = JSON.parse(await rebuild()) as RecountReport;
      environment.report('redrive: after another rebuild');
      rebuilds += 1;
      if (rebuilds >= REBUILDS_UNAIDED) {
        await deleteAggregates(environment, foreign);
      }
    } else {
      await environment.clock.sleep(PASS_PAUSE_MS);
    }
  }
  return 'nothing is left';
}

/** There is no other program in these histories, so every row is the pipeline's own. */
async function deleteAggregates(
  { createClient }: ProgramEnvironment,
  identifiers: readonly string[],
): Promise<void> {
  const client = createClient(ATTEMPTS) as unknown as DynamoDBClient;
  for (const identifier of identifiers) {
    const Key = { Identifier: { S: identifier } };
    await client.send(new DeleteItemCommand({ TableName: 'AggregateTable', Key }));
  }
}

interface Pass {
  /** Batches that are still open. */
  readonly open: number;
  /** Whether one was refused for a rebuild that may have made up for it. */
  readonly isUndecided: boolean;
  readonly text: string;
}

/** Redrives everything that is open once, as the command does. */
async function redriveAll(environment: ProgramEnvironment, redriving: Redriving): Promise<Pass> {
  const { deletes = false, parts, state } = redriving;
  const store = parts.failedBatches?.(environment.failedBatches) ?? environment.failedBatches;
  const access = accessOf(environment, redriving);
  const failures: string[] = [];
  let redriven = 0;
  for await (const listed of readBatches(store)) {
    if (listed.code === 'done') {
      if (deletes) {
        await deleteDone(store, listed.key);
      }
      continue;
    }
    if (listed.code === 'unreadable') {
      throw new Error(`${listed.key} is no batch: ${listed.reason}`);
    }
    environment.report(state.isRebuilding ? 'redrive: beside a rebuild' : 'redrive: without a rebuild');
    try {
      const note = await redriveBatch(listed.batch, { store, access, deletes });
      environment.report(outcomeOf(listed.batch, note));
      redriven += 1;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      environment.report(failureOf(error, text));
      failures.push(text);
    }
  }
  return {
    open: failures.length,
    isUndecided: failures.some((text) => text.includes(UNDECIDED)),
    text: [`${redriven} redriven`, ...failures].join('; '),
  };
}

/** What the function says whose batch a rebuild may have made up for. */
const UNDECIDED = 'whether a rebuild has made up for this batch';

function outcomeOf(
  { functionArn }: FailedBatch,
  { sent, alreadyApplied }: { readonly sent: number; readonly alreadyApplied: number },
): string {
  const stage = nameOf(functionArn);
  if (sent > 0 && alreadyApplied > 0) {
    return `redrive: ${stage}, applied in part`;
  }
  return sent > 0 ? `redrive: ${stage}, not applied` : `redrive: ${stage}, all applied`;
}

function failureOf(error: unknown, text: string): string {
  if (!(error instanceof RedriveRefusedError)) {
    return 'redrive: failed';
  }
  return text.includes(UNDECIDED) ? 'redrive: refused, undecided' : 'redrive: refused, a recount runs';
}

function accessOf(
  environment: ProgramEnvironment,
  { name, parts, payloadBytesMax }: Redriving,
): RedriveAccess {
  const invoke = parts.invoke?.(environment.invoke) ?? environment.invoke;
  const lambda = {
    send: async ({
      input,
    }: {
      readonly input: { readonly FunctionName: string; readonly Payload: string };
    }) => {
      const { FunctionError, Payload } = await invoke(nameOf(input.FunctionName), input.Payload);
      return { FunctionError, Payload: Buffer.from(Payload) };
    },
  };
  return {
    lambda: lambda as unknown as RedriveAccess['lambda'],
    kinesis: { send: () => Promise.reject(new Error('no batch of a stream is given up')) },
    now: () => environment.clock.now(),
    sleep: (milliseconds) => environment.clock.sleep(milliseconds),
    by: name,
    payloadBytesMax,
  };
}

function nameOf(functionArn: string): string {
  return functionArn.slice(functionArn.lastIndexOf(':') + 1);
}
