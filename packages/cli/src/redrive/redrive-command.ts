import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatCounted } from '@oncefold/comparison/format-number';
import { deleteDone, readPayload } from '@oncefold/operations/redrive';
import { systemOperationsClock } from '@oncefold/operations/tables';
import type { CommandContext } from '../command-line/command.ts';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure, isLocal } from '../command-line/describe-failure.ts';
import { exitStatus } from '../command-line/exit-status.ts';
import { type AwsClients, createAwsClients, endpointOf as serviceEndpointOf } from '../stack/aws-clients.ts';
import { withStack } from '../stack/stack-option.ts';
import { endpointOf } from '../tables/connection.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { printable } from '../terminal/printable.ts';
import { type Line, lineOf } from './line-of.ts';
import { type DoneEntry, type Entry, listOpen } from './list-open.ts';
import { NOT_LOOKED_FOR, openBatchStore } from './open-batch-store.ts';
import type { RedriveOptions } from './redrive-options.ts';
import { listView, sentView } from './redrive-view.ts';
import { dismissEntry, type Sending, type Sent, sendEntry } from './send-entries.ts';

/** Entries that are listed at most; what is sent has no such limit. */
const LISTED_MAX = 1_000;

/**
 * `oncefold redrive`: shows what was given up or quarantined, and sends it again.
 *
 * @returns the exit status: 0 done, 1 something was refused or has failed
 */
export async function redriveCommand(given: RedriveOptions, context: CommandContext): Promise<number> {
  const { signal } = context.lifetime;
  const { options } = await withStack(given, {
    signal,
    fill: ({ tables, failedBatchBucket }) => ({
      ...(failedBatchBucket !== undefined && { bucket: failedBatchBucket }),
      ...(tables.quarantine !== undefined && { quarantineTable: tables.quarantine }),
      ...(tables.state !== undefined && { stateTable: tables.state }),
    }),
  });
  const clients = createAwsClients(options);
  try {
    const sending = await prepare(options, { clients, signal });
    if (options.show !== undefined) {
      return await show(options.show, sending, context);
    }
    if (options.dismiss !== undefined) {
      return await dismissAll(options, sending, context);
    }
    if (options.send !== undefined || options.all) {
      assertOneWorld(options);
      return await sendAll(options, sending, context);
    }
    return await list(options, sending, context);
  } catch (error) {
    signal.throwIfAborted();
    throw describeFailure(error, { what: 'redrive', endpoint: endpointOf(options) });
  } finally {
    clients.destroy();
  }
}

/** Records of a local table must not go to a stream of AWS. */
function assertOneWorld({ dynamodbEndpoint, dryRun }: RedriveOptions): void {
  const isSplit = serviceEndpointOf('KINESIS') === undefined || serviceEndpointOf('LAMBDA') === undefined;
  if (isLocal(dynamodbEndpoint) && isSplit && !dryRun) {
    throw new CouldNotRunError(
      'records would be sent to AWS, and not to the local engine: export AWS_ENDPOINT_URL_KINESIS and AWS_ENDPOINT_URL_LAMBDA as `npm run oncefold -- up` prints them',
    );
  }
}

async function prepare(
  options: RedriveOptions,
  { clients, signal }: { readonly clients: AwsClients; readonly signal: AbortSignal },
): Promise<Sending> {
  if (options.fix !== undefined && options.send?.length !== 1) {
    throw new CouldNotRunError('--fix mends one quarantined record: name it, and nothing else, with --send');
  }
  const mended = options.fix === undefined ? undefined : await readMended(options.fix);
  return {
    store: openBatchStore(options, clients.s3),
    tables: { client: clients.dynamodb, clock: systemOperationsClock, signal },
    access: {
      kinesis: clients.kinesis,
      lambda: clients.lambda,
      now: Date.now,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      by: userInfo().username,
    },
    options,
    mended,
  };
}

async function readMended(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CouldNotRunError(`the file ${file} cannot be read`, { cause });
  }
}

async function list(
  options: RedriveOptions,
  sending: Sending,
  { terminal }: CommandContext,
): Promise<number> {
  const lines: Line[] = [];
  let redriven = 0;
  let more = 0;
  for await (const entry of entriesOf(sending)) {
    if (entry.kind === 'done') {
      redriven += 1;
    } else if (lines.length < LISTED_MAX) {
      lines.push(lineOf(entry));
    } else {
      more += 1;
    }
  }
  if (options.json) {
    terminal.answer(JSON.stringify({ open: lines, more, redriven }));
  } else {
    terminal.answer(listView({ lines, redriven }, terminal.palette));
    if (more > 0) {
      terminal.answer(`and ${formatCounted(more, 'more')}`);
    }
    if (sending.store === undefined) {
      terminal.note(NOT_LOOKED_FOR);
    }
  }
  return exitStatus.exact;
}

function entriesOf({ store, tables, options }: Sending): ReturnType<typeof listOpen> {
  return listOpen({ store, tables, quarantineTable: options.quarantineTable });
}

async function show(id: string, sending: Sending, { terminal }: CommandContext): Promise<number> {
  for await (const entry of entriesOf(sending)) {
    if (entry.kind === 'done' || entry.id !== id) {
      continue;
    }
    if (entry.kind === 'quarantined') {
      // Raw bytes, so that they can be put into a file, mended and given to --fix.
      const payload = await readPayload(sending.tables, sending.options.quarantineTable, entry.record);
      process.stderr.write(`${printable(JSON.stringify(entry.record))}\n`);
      process.stdout.write(payload);
      return exitStatus.exact;
    }
    terminal.answer(JSON.stringify(entry.kind === 'batch' ? entry.batch : entry, undefined, 2));
    return exitStatus.exact;
  }
  throw new CouldNotRunError(`nothing open has the id ${id}; run the command without --show to see what is`);
}

async function sendAll(options: RedriveOptions, sending: Sending, context: CommandContext): Promise<number> {
  const { terminal } = context;
  const wanted = options.send === undefined ? undefined : new Set(options.send);
  const what = wanted === undefined ? 'everything that is open' : countOf(wanted);
  await confirm(`Send ${what} again?`, options, context);
  const sent: Sent[] = [];
  let deleted = 0;
  for await (const entry of entriesOf(sending)) {
    if (entry.kind === 'done') {
      deleted += (await deleteIfWanted(entry, sending)) ? 1 : 0;
      continue;
    }
    if (!(wanted?.delete(entry.id) ?? isSendable(entry))) {
      continue;
    }
    if (options.fix !== undefined && entry.kind !== 'quarantined') {
      throw new CouldNotRunError(`--fix mends a quarantined record; ${entry.id} is a batch`);
    }
    sent.push(await sendEntry(entry, sending));
  }
  if (deleted > 0) {
    terminal.note(`${formatCounted(deleted, 'batch', 'batches')} that had been done before deleted`);
  }
  return answerSent([...sent, ...notFound(wanted ?? new Set())], options, terminal);
}

/** Notes that batches are not to be sent any more. */
async function dismissAll(
  options: RedriveOptions,
  sending: Sending,
  context: CommandContext,
): Promise<number> {
  const wanted = new Set(options.dismiss);
  const question = `Dismiss ${countOf(wanted)}? What no rebuild has made up for since is lost to the sums.`;
  await confirm(question, options, context);
  const dismissed: Sent[] = [];
  for await (const entry of entriesOf(sending)) {
    if (entry.kind !== 'done' && wanted.delete(entry.id)) {
      dismissed.push(await dismissEntry(entry, sending));
    }
  }
  return answerSent([...dismissed, ...notFound(wanted)], options, context.terminal);
}

function countOf(ids: ReadonlySet<string>): string {
  return formatCounted(ids.size, 'entry', 'entries');
}

function notFound(ids: ReadonlySet<string>): readonly Sent[] {
  return [...ids].map((id) => ({ id, name: '', outcome: 'refused', reason: 'nothing open has this id' }));
}

/** Says what became of each entry; 1 if one was refused or has failed. */
function answerSent(
  sent: readonly Sent[],
  { json, dryRun }: RedriveOptions,
  terminal: CommandContext['terminal'],
): number {
  terminal.answer(
    json ? JSON.stringify({ dryRun, entries: sent }) : sentView(sent, dryRun, terminal.palette),
  );
  const isDone = sent.every(({ outcome }) => outcome !== 'refused' && outcome !== 'failed');
  return isDone ? exitStatus.exact : exitStatus.different;
}

/** With --delete, what was done before it goes as well. */
async function deleteIfWanted({ batchKey }: DoneEntry, { store, options }: Sending): Promise<boolean> {
  if (!options.delete || options.dryRun || store === undefined || batchKey === undefined) {
    return false;
  }
  await deleteDone(store, batchKey);
  return true;
}

/** Items of another program are not asked for one by one, and do not make --all fail. */
function isSendable(entry: Entry): boolean {
  return entry.kind !== 'quarantined' || entry.isOfStream;
}

async function confirm(
  question: string,
  options: RedriveOptions,
  { lifetime }: CommandContext,
): Promise<void> {
  if (options.yes || options.dryRun) {
    return;
  }
  if (!canAsk()) {
    throw new CouldNotRunError(
      'there is no terminal to ask on: add --yes to go on, or --dry-run to see what would be done',
    );
  }
  if (!(await ask(question, lifetime.signal))) {
    throw new CouldNotRunError('nothing was done');
  }
}
