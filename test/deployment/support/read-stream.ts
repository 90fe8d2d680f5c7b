import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import type { Emulator } from './emulator.ts';

const READS_MAX = 1_000;

/** Reads what a stream still has, from its beginning to its present end, shard by shard. */
export async function readStream(emulator: Emulator, stream: string): Promise<readonly string[]> {
  const { Shards: shards = [] } = await emulator.kinesis.send(new ListShardsCommand({ StreamName: stream }));
  const messages: string[] = [];
  for (const { ShardId: shard } of shards) {
    const { ShardIterator: first } = await emulator.kinesis.send(
      new GetShardIteratorCommand({
        StreamName: stream,
        ShardId: shard,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    let iterator = first;
    for (let read = 0; iterator !== undefined; read += 1) {
      if (read >= READS_MAX) {
        throw new Error(`${stream} does not come to an end`);
      }
      const answer = await emulator.kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const { Records: records = [], MillisBehindLatest: behind = 0 } = answer;
      messages.push(...records.map(({ Data: data }) => Buffer.from(data ?? []).toString('utf8')));
      iterator = records.length === 0 && behind === 0 ? undefined : answer.NextShardIterator;
    }
  }
  return messages;
}
