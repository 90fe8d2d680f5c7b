import {
  createLocalClients,
  freshCredentials,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
  startDynamoDb,
  startKinesis,
} from '@oncefold/engines';
import {
  createDynamoDbSource,
  createKinesisSource,
  createStreamRequests,
  deploy,
  type StreamSource,
} from '@oncefold/local-runtime';
import { readTemplate } from '@oncefold/sam-template';
import { createDemoLoad } from '@oncefold/workshop';
import { sendMessages } from '@oncefold/workshop/generator';
import { dimensions } from '../lab.ts';
import { enginesCpuSeconds } from './engines-cpu.ts';
import { pipelineParameters, pipelineTemplate } from './pipeline-template.ts';
import { createRequestSender, type RecordedRequest, startRequestRecorder } from './request-recorder.ts';
import { runPipeline } from './run-pipeline.ts';

/** Requests that are in flight at a time: more make the engine no faster. */
const STATE_REQUESTS_IN_FLIGHT = 4;
/** The most that one request for records of a table's stream gives. */
const PAGE = 1_000;

/** What the functions asked of DynamoDB in a run of the whole pipeline, by function. */
export type PipelineRequests = ReadonlyMap<string, readonly RecordedRequest[]>;

/** Runs the pipeline once and keeps what its functions asked of DynamoDB: writes of state, transactions, accounts. */
export async function recordPipelineRequests(load: {
  readonly messages: number;
  readonly seed: number;
}): Promise<PipelineRequests> {
  const engine = await startDynamoDb({ isShared: true });
  const ids = ['StateFunction', 'MapFunction', 'ReduceFunction'];
  const recorders = await Promise.all(ids.map(() => startRequestRecorder(engine.endpoint)));
  const recorderOf = new Map(ids.map((id, index) => [id, recorders[index]]));
  try {
    await runPipeline({
      ...load,
      dynamodb: { engine: engine.endpoint, of: (id) => recorderOf.get(id)?.endpoint ?? engine.endpoint },
    });
    return new Map(ids.map((id, index) => [id, recorders[index]?.requests ?? []]));
  } finally {
    for (const recorder of recorders) {
      recorder.close();
    }
    await engine.stop();
  }
}

export interface BareRun {
  /** Until the engines answered and had the tables and the stream. */
  readonly startSeconds: number;
  readonly wallSeconds: number;
  readonly enginesCpuSeconds: number;
}

/**
 * Sends to new engines what a run of the pipeline sent, as fast as they take it.
 *
 * The same messages are put into Kinesis with the same calls, and read; the very requests that the functions sent are sent to DynamoDB,
 * byte for byte: statements and batches of state four at a time, and beside them its accounts and the requests of map and reduce, each
 * in their order, on which their conditions depend; and both streams of tables are read in full pages. Nothing is parsed, mapped, added up, waited for, or read in vain.
 */
export async function sendBare(
  requests: PipelineRequests,
  load: { readonly messages: number; readonly seed: number },
): Promise<BareRun> {
  const { workload } = createDemoLoad({ ...load, dimensions });
  const beganAt = performance.now();
  const [dynamodb, kinesis] = await Promise.all([startDynamoDb({ isShared: true }), startKinesis()]);
  const credentials = freshCredentials();
  const clients = createLocalClients({
    dynamodbEndpoint: dynamodb.endpoint,
    kinesisEndpoint: kinesis.endpoint,
    credentials,
  });
  const sender = createRequestSender(dynamodb.endpoint);
  const signing = { region: LOCAL_REGION, accessKeyId: credentials.accessKeyId };
  const ofKinesis = createStreamRequests({ ...signing, service: 'kinesis', endpoint: kinesis.endpoint });
  const ofStreams = createStreamRequests({
    ...signing,
    service: 'dynamodb-streams',
    endpoint: dynamodb.endpoint,
  });
  try {
    const application = await readTemplate({
      file: pipelineTemplate,
      parameterOverrides: pipelineParameters,
      region: LOCAL_REGION,
      accountId: LOCAL_ACCOUNT_ID,
    });
    const deployed = await deploy(application, clients);
    const streamName = application.streams[0]?.streamName ?? '';
    const startedAt = performance.now();
    const puts = async (): Promise<void> => {
      const calls = workload.calls.map((call) => call.messages);
      const signal = AbortSignal.timeout(600_000);
      await sendMessages({ client: clients.kinesis, stream: streamName, calls, onSent: () => {}, signal });
      await readToEnd(createKinesisSource({ requests: ofKinesis, streamName }));
    };
    const writes = async (id: string, inFlight: number, isMeant = (_: RecordedRequest) => true) => {
      const queue = (requests.get(id) ?? []).filter(isMeant).values();
      const send = async (): Promise<void> => {
        for (const request of queue) {
          const { status, body } = await sender.send(request);
          if (status !== 200 && status !== request.status) {
            throw new Error(`${id}: ${request.status} in the pipeline, and now ${status}: ${body}`);
          }
        }
      };
      await Promise.all(Array.from({ length: inFlight }, send));
    };
    await Promise.all([
      puts(),
      writes('StateFunction', STATE_REQUESTS_IN_FLIGHT, isBatch),
      writes('StateFunction', 1, (request) => !isBatch(request)),
      writes('MapFunction', 1),
      writes('ReduceFunction', 1),
    ]);
    for (const { streamArn } of deployed.tables.values()) {
      if (streamArn !== undefined) {
        await readToEnd(createDynamoDbSource({ requests: ofStreams, streamArn }));
      }
    }
    const endedAt = performance.now();
    return {
      startSeconds: (startedAt - beganAt) / 1_000,
      wallSeconds: (endedAt - startedAt) / 1_000,
      enginesCpuSeconds: await enginesCpuSeconds([dynamodb, kinesis]),
    };
  } finally {
    ofKinesis.close();
    ofStreams.close();
    sender.close();
    for (const client of Object.values(clients)) {
      client.destroy();
    }
    await Promise.all([dynamodb.stop(), kinesis.stop()]);
  }
}

function isBatch({ headers }: RecordedRequest): boolean {
  return String(headers['x-amz-target']).includes('.Batch');
}

async function readToEnd(source: StreamSource): Promise<void> {
  for (const { shardId } of await source.listShards()) {
    let position: Parameters<StreamSource['read']>[1] = { kind: 'trim-horizon' };
    for (let isOver = false; !isOver; ) {
      const answer = await source.read(shardId, position, PAGE);
      if (answer.code !== 'records') {
        throw answer.error;
      }
      const last = answer.records.at(-1);
      isOver = answer.records.length < PAGE || last === undefined;
      if (last !== undefined) {
        const sequenceNumber =
          ('dynamodb' in last ? last.dynamodb?.SequenceNumber : undefined) ??
          ('SequenceNumber' in last ? last.SequenceNumber : undefined) ??
          '';
        position = { kind: 'after-sequence-number', sequenceNumber };
      }
    }
  }
}
