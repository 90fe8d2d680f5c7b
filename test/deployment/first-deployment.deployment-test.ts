// Goal: a first deployment asks a handful of questions, changes no file, and leaves a protected stack where data counts.
// Method: as stacks.deployment-test.ts; the script gets its answers as a user types them, one a line.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeStacksCommand, GetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emulatedTemplate } from './support/deployed.ts';
import { type Emulator, startEmulator } from './support/emulator.ts';

const root = join(import.meta.dirname, '..', '..');
const topic = 'arn:aws:sns:us-east-1:123456789012:on-call';
/** Two deployments, one after the other: a limit against hanging, not a measure of speed. */
const SCRIPT_TIMEOUT_MS = 400_000;
const QUESTION = /\]: |alarms: /g;

let emulator: Emulator;
let template: string;

beforeAll(async () => {
  emulator = await startEmulator();
  template = (await emulatedTemplate(emulator)).path;
});

afterAll(() => emulator?.stop());

/** Runs the script with an answer for each question; what it would ask the SAM CLI to confirm is confirmed. */
async function deployFirst(answers: readonly string[]): Promise<{ output: string; failed: boolean }> {
  const running = promisify(execFile)(
    join(root, 'scripts', 'first-deployment.sh'),
    ['--template-file', template, '--no-confirm-changeset', '--no-progressbar'],
    {
      cwd: root,
      env: { ...process.env, ...emulator.environment, SAM_CLI_POLL_DELAY: '0.5' },
      timeout: SCRIPT_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  running.child.stdin?.end(answers.map((answer) => `${answer}\n`).join(''));
  return running.then(
    ({ stdout, stderr }) => ({ output: stdout + stderr, failed: false }),
    ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => ({
      output: stdout + stderr,
      failed: true,
    }),
  );
}

async function describeStack(name: string) {
  const { Stacks: stacks } = await emulator.cloudFormation.send(
    new DescribeStacksCommand({ StackName: name }),
  );
  return stacks?.[0];
}

describe('scripts/first-deployment.sh', () => {
  it(
    'asks five questions at most, changes no file, and protects what the section protects',
    async () => {
      const before = await readFile(join(root, 'samconfig.toml'), 'utf8');
      const { output, failed } = await deployFirst(['prod', 'guarded', 'us-east-1', 'stack', topic]);
      expect(failed, output.slice(-3_000)).toBe(false);
      const [asked = ''] = output.split('\nsam deploy ');
      expect(asked.match(QUESTION) ?? [], asked).toHaveLength(5);
      expect(await readFile(join(root, 'samconfig.toml'), 'utf8')).toBe(before);
      const stack = await describeStack('guarded');
      const parameters = Object.fromEntries(
        (stack?.Parameters ?? []).map(({ ParameterKey: key, ParameterValue: value }) => [key, value]),
      );
      expect(parameters).toMatchObject({
        Names: 'stack',
        Protection: 'full',
        AlarmTopicArn: topic,
        // Of the section.
        LogRetentionDays: '90',
      });
      expect(stack?.EnableTerminationProtection).toBe(true);
      const { StackPolicyBody: policy = '' } = await emulator.cloudFormation.send(
        new GetStackPolicyCommand({ StackName: 'guarded' }),
      );
      expect(policy).toBe(await readFile(join(root, 'stacks', 'stack-policy.json'), 'utf8'));
      const { Table: table } = await emulator.dynamodb.send(
        new DescribeTableCommand({ TableName: 'guarded-StateTable' }),
      );
      expect(table?.DeletionProtectionEnabled).toBe(true);
    },
    SCRIPT_TIMEOUT_MS,
  );

  it('leaves a stack alone that exists', async () => {
    const { output, failed } = await deployFirst(['prod', 'guarded', 'us-east-1']);
    expect(failed).toBe(true);
    expect(output).toContain(
      'Update it: scripts/sam.sh deploy --config-env prod --stack-name guarded --region us-east-1',
    );
  });

  it('deploys nothing when an answer cannot be used', async () => {
    const { output, failed } = await deployFirst(['dev', 'other', 'us-east-1', '1', '!', 'a b']);
    expect(failed).toBe(true);
    expect(output).toContain('Nothing was deployed.');
    await expect(describeStack('other')).rejects.toThrow('does not exist');
  });
});
