import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Permission } from './documented-permissions.ts';
import type { Emulator } from './emulator.ts';
import type { Pipeline } from './pipeline.ts';

/** A user of the account, with some permissions and no others. */
export interface User {
  /** For programs that are to ask with the user's access key. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the user has used so far, or lacked. */
  used(): Promise<{ readonly allowed: readonly Permission[]; readonly denied: readonly string[] }>;
}

const aws = join(import.meta.dirname, '..', '..', '..', 'scripts', 'aws.sh');

/** Runs the AWS CLI with the account's own credentials. */
export async function runAws(emulator: Emulator, ...args: readonly string[]): Promise<string> {
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...own } = process.env;
  const { stdout } = await promisify(execFile)(aws, [...args], { env: { ...own, ...emulator.environment } });
  return stdout;
}

/**
 * Creates a user.
 *
 * @param options.arnOf - the ARN of what a permission is on
 */
export async function createUser(
  emulator: Emulator,
  options: {
    readonly name: string;
    readonly permissions: readonly Permission[];
    readonly arnOf: (on: string) => string;
  },
): Promise<User> {
  const { name, permissions, arnOf } = options;
  const Statement = permissions.map(({ action, on }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: arnOf(on),
  }));
  await runAws(emulator, 'iam', 'create-user', '--user-name', name);
  await runAws(
    emulator,
    ...['iam', 'put-user-policy', '--user-name', name, '--policy-name', 'documented'],
    ...['--policy-document', JSON.stringify({ Version: '2012-10-17', Statement })],
  );
  const created = await runAws(emulator, 'iam', 'create-access-key', '--user-name', name, '--output', 'json');
  const { AccessKey: key } = JSON.parse(created);
  return {
    environment: {
      ...emulator.environment,
      AWS_ACCESS_KEY_ID: key.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: key.SecretAccessKey,
    },
    used: async () => {
      const used = [...(await emulator.permissionsOf(key.AccessKeyId))].map((line) => line.split(' '));
      const denied = used.filter(([decision]) => decision === 'denied').map((words) => words.join(' '));
      const allowed = permissions.filter(({ action, on }) =>
        used.some(([, one, resource = '']) => one === action && matches(arnOf(on), resource)),
      );
      return { allowed, denied };
    },
  };
}

function matches(pattern: string, resource: string): boolean {
  return pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern;
}

/** Finds the ARN of what the runbook calls so. */
export function arnsOf(
  pipeline: Pipeline,
  stack: string,
  aliases: ReadonlyMap<string, string>,
): (on: string) => string {
  const account = 'us-east-1:000000000000';
  const bucket = `arn:aws:s3:::${pipeline.nameOf('FailedBatchBucket')}`;
  const named: Readonly<Record<string, string | undefined>> = {
    'the stack': `arn:aws:cloudformation:${account}:stack/${stack}/*`,
    'the bucket': bucket,
    '`aws/lambda/*` in it': `${bucket}/aws/lambda/*`,
    '`oncefold/redriven/*` in it': `${bucket}/oncefold/redriven/*`,
    'the stream': `arn:aws:kinesis:${account}:stream/${pipeline.nameOf('IncomingDataStream')}`,
    'alias `live` of MapFunction': aliases.get('MapFunction'),
    'alias `live` of ReduceFunction': aliases.get('ReduceFunction'),
  };
  return (on) => named[on] ?? `arn:aws:dynamodb:${account}:table/${pipeline.nameOf(on)}`;
}
