import { createMapping, type MappingCommand, SettingsError } from '@oncefold/event-source-mapping';

/** What one side says of a pattern and its events. */
export interface Verdict {
  /** Why the pattern is refused; null for a valid one. */
  readonly reason: string | null;
  /** Whether each event matches; empty where the pattern is refused. */
  readonly matches: readonly boolean[];
}

const shardId = 'shardId-000000000000';
const now = Date.UTC(2026, 0, 1);

/**
 * Lets a mapping decide, as a user's would: the events are the data of Kinesis records, and match if the function is invoked with
 * them.
 *
 * @param pattern - of the whole record, with its rules under `data`
 * @param data - what the records say, as JSON
 */
export function mappingVerdict(pattern: string, data: readonly string[]): Verdict {
  const mapping = mappingOf(pattern);
  if (typeof mapping === 'string') {
    return { reason: mapping, matches: [] };
  }
  mapping.step({ type: 'start', now });
  const shards = [{ shardId, parentShardIds: [], isClosed: false }];
  const read = mapping.step({ type: 'shards-listed', now, shards }).find(isRead);
  if (read === undefined) {
    throw new Error('The mapping did not read its shard.');
  }
  const records = data.map((text, index) => ({
    SequenceNumber: String(index + 1),
    PartitionKey: 'key',
    Data: Buffer.from(text),
    ApproximateArrivalTimestamp: now / 1_000,
  }));
  const { readId } = read;
  const commands = mapping.step({ type: 'records-read', now, shardId, readId, records, isEndOfShard: false });
  const invoked = new Set(commands.flatMap(sequenceNumbersOf));
  return { reason: null, matches: records.map(({ SequenceNumber }) => invoked.has(SequenceNumber)) };
}

/** A mapping with the filter, or why the filter is refused. */
function mappingOf(pattern: string): ReturnType<typeof createMapping> | string {
  try {
    return createMapping(
      {
        source: {
          kind: 'kinesis',
          arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/events',
          region: 'us-east-1',
          invokeIdentityArn: 'arn:aws:iam::123456789012:role/consumer',
        },
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:consumer',
        startingPosition: 'TRIM_HORIZON',
        filterCriteria: { filters: [{ pattern }] },
      },
      { random: () => 0.5 },
    );
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.message;
    }
    throw error;
  }
}

function isRead(command: MappingCommand): command is Extract<MappingCommand, { type: 'read' }> {
  return command.type === 'read';
}

function sequenceNumbersOf(command: MappingCommand): string[] {
  if (command.type !== 'invoke') {
    return [];
  }
  const event = JSON.parse(command.payload) as {
    readonly Records: readonly { readonly kinesis: { readonly sequenceNumber: string } }[];
  };
  return event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
}
