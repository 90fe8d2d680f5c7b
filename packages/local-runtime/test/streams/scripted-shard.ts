import type { KinesisSourceRecord } from '@oncefold/event-source-mapping';
import type { RecordsAnswer, ShardApi } from '../../src/streams/shard-reader.ts';

/** An answer to GetRecords, or the name of the error to throw. */
export type ScriptedAnswer = Partial<Omit<RecordsAnswer, 'records'>> & {
  /** Sequence numbers of the records; each arrived in the second of the same number. */
  readonly sequence?: readonly string[];
};

/** What a reader asked of a shard: `take:<position>` and `get:<iterator>`. */
export interface ScriptedShard {
  readonly api: ShardApi;
  readonly asked: string[];
}

/**
 * Makes the requests of one shard answer as a script says, for what no local engine does within a test: iterators that
 * expire after minutes, and shards that close.
 */
export function scriptShard(
  answers: readonly (ScriptedAnswer | string)[],
  options: Partial<Pick<ShardApi, 'isClosed'>> = {},
): ScriptedShard {
  const asked: string[] = [];
  let taken = 0;
  let given = 0;
  const api: ShardApi = {
    isClosed: options.isClosed ?? (() => false),
    sequenceNumberOf: (record) => (record as KinesisSourceRecord).SequenceNumber ?? '',
    arrivalSecondsOf: (record) => Number((record as KinesisSourceRecord).ApproximateArrivalTimestamp),
    async takeIterator(_, place) {
      asked.push(`take:${place.kind}${'sequenceNumber' in place ? `:${place.sequenceNumber}` : ''}`);
      taken += 1;
      return `taken-${taken}`;
    },
    async getRecords(iterator) {
      asked.push(`get:${iterator}`);
      const answer = answers[given];
      given += 1;
      if (answer === undefined) {
        throw new Error('the script has no further answer');
      }
      if (typeof answer === 'string') {
        throw Object.assign(new Error('scripted'), { name: answer });
      }
      const records = (answer.sequence ?? []).map((SequenceNumber) => ({
        SequenceNumber,
        ApproximateArrivalTimestamp: Number(SequenceNumber),
      }));
      return { seen: records.length, nextIterator: `next-${given}`, ...answer, records };
    },
  };
  return { api, asked };
}
