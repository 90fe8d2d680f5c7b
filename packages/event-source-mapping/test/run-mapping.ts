import type { MappingSettings } from '../src/types.ts';
import {
  type Answer,
  createVirtualDriver,
  epochMs,
  failure,
  kinesisSettings,
  respond,
  type Seen,
  sequenceNumber,
  success,
  type VirtualDriver,
  type VirtualShard,
} from './virtual-driver.ts';

/** Back-off without chance, so that a test can name times. */
const steady: () => number = () => 0.5;

/** Starts a mapping over these shards and lets some virtual time pass. */
export function runMapping(
  settings: Partial<MappingSettings>,
  shards: VirtualShard | VirtualShard[],
  invoke: (seen: Seen, driver: VirtualDriver) => Answer,
  options: Partial<Parameters<typeof createVirtualDriver>[0]> & { readonly forMs?: number } = {},
): VirtualDriver {
  const driver: VirtualDriver = createVirtualDriver({
    random: steady,
    ...options,
    settings: { ...kinesisSettings, ...settings },
    shards: Array.isArray(shards) ? shards : [shards],
    invoke: (seen) => invoke(seen, driver),
  });
  driver.send({ type: 'start' });
  driver.runUntil(epochMs + (options.forMs ?? 60_000));
  return driver;
}

/** The record numbers of each invocation. */
export function batches(driver: VirtualDriver): number[][] {
  return driver.seen.map((seen) => numbersOf(seen));
}

/** The record numbers of one invocation. */
export function numbersOf(seen: Seen): number[] {
  return seen.sequenceNumbers.map((text) => Number(text.slice(-16)));
}

/** What was given up, as record numbers and condition. */
export function discarded(driver: VirtualDriver): { from: number; to: number; condition: string }[] {
  return driver.commands.flatMap((command) =>
    command.type === 'discarded'
      ? [
          {
            from: Number(command.startSequenceNumber.slice(-16)),
            to: Number(command.endSequenceNumber.slice(-16)),
            condition: command.condition,
          },
        ]
      : [],
  );
}

/** The number of the last record that is done with in a shard, 0 for none. */
export function checkpoint(driver: VirtualDriver, shardId = 'shardId-000000000000'): number {
  return Number(driver.mapping.checkpoints().get(shardId)?.slice(-16) ?? 0);
}

/** Fails each batch that holds this record. */
export function failOn(number: number): (seen: Seen) => Answer {
  return (seen) => (numbersOf(seen).includes(number) ? failure : success);
}

/** Reports this record of each batch that holds it. */
export function reportOn(number: number): (seen: Seen) => Answer {
  return (seen) =>
    numbersOf(seen).includes(number)
      ? respond({ batchItemFailures: [{ itemIdentifier: sequenceNumber(number) }] })
      : success;
}

/** The record numbers in the order of their first delivery. */
export function firstDeliveries(seen: readonly Seen[]): number[] {
  return [...new Set(seen.flatMap((each) => numbersOf(each)))];
}
