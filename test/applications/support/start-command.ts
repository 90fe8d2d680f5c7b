import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { onTestFinished } from 'vitest';
import { createProducer, type Producer } from './producer.ts';
import { applications } from './run-application.ts';

const oncefold = join(import.meta.dirname, '../node_modules/.bin/oncefold');

/** The line that `oncefold up --json` prints when it is ready, as far as it is needed here. */
interface Ready {
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly control: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Runs an application of this folder as a person does who is in its folder, until the test has finished. */
export async function startCommand(
  name: string,
  ...words: readonly string[]
): Promise<Producer & { /** Ends it as Ctrl-C does. */ stop(): Promise<number | null> }> {
  const child = spawn(oncefold, ['up', '--json', ...words], {
    cwd: join(applications, name),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([status]: (number | null)[]) => status ?? null);
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  const text = await Promise.race([firstLine(child.stdout), ended]);
  if (typeof text !== 'string') {
    throw new Error(`oncefold ended with status ${text}: ${errors}`);
  }
  const { dynamodb, kinesis, control, region, accessKeyId, secretAccessKey }: Ready = JSON.parse(text);
  const settings = {
    region,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: new NodeHttpHandler(),
  };
  const clients = {
    dynamodb: { ...settings, endpoint: dynamodb },
    kinesis: { ...settings, endpoint: kinesis },
  };
  const waitUntilIdle = async (): Promise<void> => {
    const answer = await fetch(`${control}/wait-until-idle`, { method: 'POST' });
    if (!answer.ok) {
      throw new Error(`the application is not idle: ${await answer.text()}`);
    }
  };
  return { ...createProducer(clients, waitUntilIdle), stop };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) {
      return text.slice(0, end);
    }
  }
  return new Promise(() => {});
}
