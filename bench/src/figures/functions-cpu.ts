import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { guardedSpawn } from '@oncefold/engines';
import type { Figure } from '../figure.ts';
import { microsecondsEach } from '../measure/microseconds-each.ts';
import { cpuOfLoads } from '../pipeline/cpu-of-loads.ts';
import { secondsOfAll } from '../pipeline/function-seconds.ts';
import { startStateDatabase } from '../state/state-database.ts';

const bareClient = fileURLToPath(new URL('../state/bare-state-client.ts', import.meta.url));
const MESSAGES_WARM = 30_000;
const MESSAGES_COLD = 10_000;

/** Both have had as many messages before. */
const functionsCpuWarm: Figure = {
  name: 'functions-cpu-warm',
  title: 'CPU of the three functions for each message, whole pipeline, warm, 30,000 messages',
  reference: 'CPU of a bare SDK client that sends the same state writes, every request full',
  unit: 'µs a message',
  goal: { of: 'ratio', max: 1.4 },
  fullOnly: true,
  async measure() {
    const [, functions = {}] = await cpuOfLoads([MESSAGES_COLD, MESSAGES_WARM]);
    const bare = await bareCpuSeconds({ warmUp: MESSAGES_COLD, messages: MESSAGES_WARM });
    const pair = {
      subject: microsecondsEach(secondsOfAll(functions), MESSAGES_WARM),
      reference: microsecondsEach(bare, MESSAGES_WARM),
    };
    return { pairs: [pair], details: { cpuSeconds: functions } };
  },
};

const functionsCpuCold: Figure = {
  name: 'functions-cpu-cold',
  title: 'CPU of the three functions for each message, from a cold start, 10,000 messages',
  reference: 'the 10,000 messages after them',
  unit: 'µs a message',
  goal: { of: 'ratio', max: 1.4 },
  fullOnly: true,
  async measure() {
    const [cold = {}, warm = {}] = await cpuOfLoads([MESSAGES_COLD, MESSAGES_COLD]);
    const pair = {
      subject: microsecondsEach(secondsOfAll(cold), MESSAGES_COLD),
      reference: microsecondsEach(secondsOfAll(warm), MESSAGES_COLD),
    };
    return { pairs: [pair], details: { cold, warm } };
  },
};

export const functionsCpu: readonly Figure[] = [functionsCpuWarm, functionsCpuCold];

async function bareCpuSeconds(load: { readonly warmUp: number; readonly messages: number }): Promise<number> {
  const database = await startStateDatabase();
  try {
    const client = await guardedSpawn({
      command: process.execPath,
      args: ['--expose-gc', bareClient, 'StateTable', String(load.warmUp), String(load.messages)],
      env: { ...process.env, ...database.environment },
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const answer = client.stdout && text(client.stdout);
    const { code } = await client.exited;
    if (code !== 0) {
      throw new Error('the bare client failed');
    }
    return Number(await answer);
  } finally {
    await database.stop();
  }
}
