/** What the machine costs a record: each row is to be read as a ratio to writing the records' event, in the same run. */
import { describe, it } from 'vitest';
import { epochMs, kinesisSettings, record } from '../test/virtual-driver.ts';
import { createMapping } from './create-mapping.ts';

const shardId = 'shardId-000000000000';
const records = Array.from({ length: 1_000 }, (_, index) => ({
  ...record(index + 1),
  Data: 'A'.repeat(240),
  ApproximateArrivalTimestamp: epochMs / 1_000,
}));

describe('createMapping', () => {
  it('costs of one thousand Kinesis records in batches of one hundred', async ({ bench }) => {
    await bench.compare(
      bench('JSON.stringify of the records alone (the reference)', () => JSON.stringify(records)),
      bench('through the machine', () => drain({})),
      bench('through the machine, four lanes', () => drain({ parallelizationFactor: 4 })),
    );
  });
});

/** One read of all the records, and an invocation that succeeds for each batch. */
function drain(settings: object): void {
  const mapping = createMapping({ ...kinesisSettings, ...settings }, { random: () => 0.5 });
  const now = epochMs;
  mapping.step({ type: 'start', now });
  const commands = mapping.step({
    type: 'shards-listed',
    now,
    shards: [{ shardId, parentShardIds: [], isClosed: false }],
  });
  for (const command of commands) {
    if (command.type === 'read' && command.position.kind === 'trim-horizon') {
      const { readId } = command;
      commands.push(
        ...mapping.step({ type: 'records-read', now, shardId, readId, records, isEndOfShard: false }),
      );
    } else if (command.type === 'invoke') {
      const { invocationId } = command;
      const outcome = { code: 'succeeded' } as const;
      commands.push(...mapping.step({ type: 'invocation-ended', now, invocationId, outcome }));
    }
  }
}
