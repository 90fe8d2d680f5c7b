import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  createLocalClients,
  freePort,
  LOCAL_REGION,
  type LocalClients,
  launchEngine,
} from '@oncefold/engines';
import { NodeHttpHandler } from '@smithy/node-http-handler';

interface Emulator extends LocalClients {
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  /** For programs that are to find this AWS and no other. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of this run; removed when it ends. */
  readonly folder: string;
  /** The end of what the emulator and the functions have printed. */
  log(): Promise<string>;
  /** Permissions that were used or lacked with an access key so far, as `allowed dynamodb:Scan arn:…`. */
  permissionsOf(accessKeyId: string): Promise<ReadonlySet<string>>;
  /** How many batches have failed so far, and are redelivered. */
  failures(): Promise<number>;
  /** How many records map and reduce have got that were in the sums already. */
  alreadyApplied(): Promise<number>;
  stop(): Promise<void>;
}

export type { Emulator };

const root = join(import.meta.dirname, '..', '..', '..');
const PROBE_TIMEOUT_MS = 2_000;
const LOG_LENGTH_MAX = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** The emulator takes these for the account's own, which may do everything; functions have the rights of their roles. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts the emulator with roles enforced, on a free port of the loopback address; it ends with this process. */
export async function startEmulator(): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), 'oncefold-deployment-'));
  const log = join(folder, 'emulator.log');
  const engine = await launchEngine({
    name: 'the AWS emulator',
    prepare: async () => {
      const port = await freePort();
      const env = {
        HOME: folder,
        TMPDIR: folder,
        LANG: 'C.UTF-8',
        // The functions run under the Node.js that runs this.
        PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
        GATEWAY_PORT: String(port),
        EMULATOR_LOG: log,
      };
      return {
        command: { command: join(root, 'scripts', 'emulator.sh'), cwd: folder, env },
        probe: () => probe(`http://127.0.0.1:${port}`),
      };
    },
  });
  const settings = {
    region: LOCAL_REGION,
    endpoint: engine.endpoint,
    credentials,
    requestHandler: new NodeHttpHandler({
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  };
  return {
    ...createLocalClients({
      dynamodbEndpoint: engine.endpoint,
      kinesisEndpoint: engine.endpoint,
      credentials,
    }),
    cloudFormation: new CloudFormationClient(settings),
    lambda: new LambdaClient(settings),
    environment: environmentFor(engine.endpoint),
    folder,
    log: async () => (await readFile(log, 'utf8')).slice(-LOG_LENGTH_MAX),
    permissionsOf: async (accessKeyId) => {
      const lines = (await readFile(log, 'utf8')).matchAll(/permission: (\S+) (\S+ \S+ \S+)/g);
      return new Set([...lines].flatMap(([, name, what]) => (name === accessKeyId && what ? [what] : [])));
    },
    failures: async () => (await readFile(log, 'utf8')).split('failed processing').length - 1,
    alreadyApplied: async () => {
      const lines = (await readFile(log, 'utf8')).matchAll(
        /"Batch committed".*"RecordsAlreadyApplied":(\d+)/g,
      );
      return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    stop: async () => {
      await engine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function environmentFor(endpoint: string): Readonly<Record<string, string>> {
  const loopback = '127.0.0.1,localhost';
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: loopback,
    no_proxy: loopback,
  };
}

async function probe(endpoint: string): Promise<{ endpoint: string; version: string } | undefined> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok ? { endpoint, version: 'as in requirements.txt' } : undefined;
  } catch {
    return undefined;
  }
}
