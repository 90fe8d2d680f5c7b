import {
  type Checkpoints,
  createMapping,
  type DynamoDbSourceRecord,
  type InvocationOutcome,
  type InvokeCommand,
  type KinesisSourceRecord,
  type MappingCommand,
  type MappingInput,
  type MappingSettings,
  type SourceRecord,
} from '@oncefold/event-source-mapping';
import type { StreamSource } from '@oncefold/local-runtime';

/** A function as Lambda calls it. */
export type Handler = (event: never, context: never) => Promise<unknown>;

/** What goes wrong with one delivery. */
export type Fault =
  /** The function dies after its last write: the mapping learns nothing of it and delivers the batch again. */
  | 'dies-after-writes'
  /** The function dies when it has seen the first half of the records. */
  | 'dies-halfway'
  /** The function succeeds, and the mapping delivers the batch once more all the same. */
  | 'delivered-again'
  /** The function succeeds, the poller is replaced, and the records are delivered again in other batches. */
  | 'regrouped';

/** An event source mapping over a stream of a real engine, which delivers when the test says so. */
export interface TestMapping {
  /**
   * Delivers, one batch after the other, to the code that is deployed now.
   *
   * @param options.batches - so many at most; without it until nothing is left
   * @param options.fault - of a delivery, by its number from 0
   */
  deliver(
    handler: Handler,
    options?: { readonly batches?: number; readonly fault?: (delivery: number) => Fault | undefined },
  ): Promise<void>;
  /** What the mapping has confirmed, by shard. */
  checkpoints(): Checkpoints;
}

/** Gives a record the time of the test's own clock: local engines cut times to the minute, or take the machine's. */
export type TimeOf = (record: SourceRecord) => number;

const DELIVERIES_MAX = 200;
const STEPS_MAX = 10_000;
const REMAINING_MS = 30_000;

/** Enables a mapping: at the starting position, or where another one of the same stream was. */
export function startMapping(options: {
  readonly settings: MappingSettings;
  readonly source: StreamSource;
  readonly timeOf: TimeOf;
  readonly checkpoints?: Checkpoints;
}): TestMapping {
  const { settings, source, timeOf, checkpoints } = options;
  const machine = createMapping(settings, { random: () => 0.5, checkpoints });
  let now = 0;
  let wakeAt: number | undefined;
  const due: MappingCommand[] = [];
  const invocations: InvokeCommand[] = [];
  const emptyReads = new Set<string>();

  function step(input: WithoutNow<MappingInput>): void {
    due.push(...machine.step({ ...input, now } as MappingInput));
  }

  async function carryOut(command: MappingCommand): Promise<void> {
    switch (command.type) {
      case 'list-shards':
        step({ type: 'shards-listed', shards: await source.listShards() });
        return;
      case 'read': {
        const { shardId, readId, position, limit } = command;
        const answer = await source.read(shardId, position, limit);
        if (answer.code !== 'records') {
          step({ type: 'read-failed', shardId, readId, reason: answer.code });
          return;
        }
        const { isEndOfShard, millisBehindLatest } = answer;
        const records = answer.records.map((record) => withTime(record, timeOf(record)));
        if (records.length === 0) {
          emptyReads.add(shardId);
        }
        step({ type: 'records-read', shardId, readId, records, isEndOfShard, millisBehindLatest });
        return;
      }
      case 'invoke':
        invocations.push(command);
        return;
      case 'wake-at':
        wakeAt = command.at;
        return;
      case 'discarded':
        throw new Error('a mapping that retries until records expire has given some up');
      default:
        return;
    }
  }

  /** @returns the next invocation, or nothing when every shard has been read to its end since the call */
  async function nextInvocation(): Promise<InvokeCommand | undefined> {
    emptyReads.clear();
    for (let count = 0; count < STEPS_MAX; count += 1) {
      const command = due.shift();
      if (command !== undefined) {
        await carryOut(command);
        continue;
      }
      const invocation = invocations.shift();
      if (invocation !== undefined) {
        return invocation;
      }
      const open = machine.stats().shards.filter(({ status }) => status !== 'drained');
      if (machine.isIdle() && open.length > 0 && open.every(({ shardId }) => emptyReads.has(shardId))) {
        return undefined;
      }
      now = Math.max(now, wakeAt ?? now);
      step({ type: 'time-passed' });
    }
    throw new Error('the mapping does not come to rest');
  }

  step({ type: 'start' });
  return {
    checkpoints: () => machine.checkpoints(),
    async deliver(handler, { batches = DELIVERIES_MAX, fault } = {}) {
      for (let delivery = 0; delivery < batches; delivery += 1) {
        const command = await nextInvocation();
        if (command === undefined) {
          return;
        }
        const outcome = await invoke(handler, command, fault?.(delivery));
        step({ type: 'invocation-ended', invocationId: command.invocationId, outcome });
      }
      if (batches === DELIVERIES_MAX) {
        throw new Error('the function gets batches without an end');
      }
    },
  };
}

type WithoutNow<Input> = Input extends unknown ? Omit<Input, 'now'> : never;

async function invoke(
  handler: Handler,
  { payload }: InvokeCommand,
  fault: Fault | undefined,
): Promise<InvocationOutcome> {
  const event = JSON.parse(payload) as { Records: unknown[] };
  const seen =
    fault === 'dies-halfway'
      ? { ...event, Records: event.Records.slice(0, Math.ceil(event.Records.length / 2)) }
      : event;
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => REMAINING_MS };
  const answer = await handler(seen as never, context as never);
  if (fault === 'dies-after-writes' || fault === 'dies-halfway') {
    return { code: 'failed' };
  }
  return {
    code: 'succeeded',
    responseText: JSON.stringify(answer ?? null),
    isRedelivered: fault === 'delivered-again',
    isRegrouped: fault === 'regrouped',
  };
}

function withTime(record: SourceRecord, seconds: number): SourceRecord {
  if ('dynamodb' in record) {
    const { dynamodb, ...rest }: DynamoDbSourceRecord = record;
    return { ...rest, dynamodb: { ...dynamodb, ApproximateCreationDateTime: seconds } };
  }
  const kinesis: KinesisSourceRecord = { ...record, ApproximateArrivalTimestamp: seconds };
  return kinesis;
}
