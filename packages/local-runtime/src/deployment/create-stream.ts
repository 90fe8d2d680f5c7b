import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import type { StreamResource } from '@oncefold/sam-template';
import { createResource } from './create-resource.ts';

export interface DeployedStream {
  readonly streamName: string;
  readonly streamArn: string;
}

/** Creates a Kinesis stream and waits until it is active. */
export function createStream(
  { logicalId, streamName, shardCount }: StreamResource,
  client: KinesisClient,
  signal?: AbortSignal,
): Promise<DeployedStream> {
  return createResource(
    {
      logicalId,
      description: `stream ${streamName}`,
      create: (options) =>
        client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shardCount }), options),
      async findActive(options) {
        const answer = await client.send(
          new DescribeStreamSummaryCommand({ StreamName: streamName }),
          options,
        );
        const { StreamStatus, StreamARN } = answer.StreamDescriptionSummary ?? {};
        return StreamStatus === 'ACTIVE' && StreamARN !== undefined
          ? { streamName, streamArn: StreamARN }
          : undefined;
      },
    },
    signal,
  );
}
