import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ResourceInUseException,
} from '@aws-sdk/client-kinesis';
import type { StreamResource } from '@oncefold/sam-template';
import { DeployError } from './deploy-error.ts';
import type { DeployedStream } from './deployment.ts';
import { untilActive } from './until-active.ts';

/**
 * Creates a Kinesis stream and waits until it is active.
 *
 * @param stream - what to create
 * @param client - where
 * @param signal - ends the waiting
 * @returns name and ARN
 * @throws {@link DeployError} when the stream exists, is refused or does not become active
 */
export async function createStream(
  stream: StreamResource,
  client: KinesisClient,
  signal?: AbortSignal,
): Promise<DeployedStream> {
  const { logicalId, streamName, shardCount } = stream;
  const options = signal === undefined ? {} : { abortSignal: signal };
  try {
    await client.send(new CreateStreamCommand({ StreamName: streamName, ShardCount: shardCount }), options);
  } catch (cause) {
    if (cause instanceof ResourceInUseException) {
      throw new DeployError('exists', logicalId, `there is a stream ${streamName} already`, { cause });
    }
    throw new DeployError('refused', logicalId, `the engine refuses the stream ${streamName}`, { cause });
  }
  return untilActive(
    logicalId,
    async () => {
      const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: streamName }), options);
      const summary = answer.StreamDescriptionSummary;
      if (summary?.StreamStatus !== 'ACTIVE' || summary.StreamARN === undefined) {
        return undefined;
      }
      return { streamName, streamArn: summary.StreamARN };
    },
    signal,
  );
}
