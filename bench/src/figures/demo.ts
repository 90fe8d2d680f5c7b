import { join } from 'node:path';
import { guardedSpawn } from '@oncefold/engines';
import type { Figure } from '../figure.ts';
import { recordPipelineRequests, sendBare } from '../pipeline/bare-client.ts';
import { repository } from '../repository.ts';

const ROUNDS = 2;
const bootstrap = join(repository, 'scripts', 'bootstrap.mjs');

/** `npm run demo` where everything is installed and built: what one waits for who tries Oncefold. */
export const demo: Figure = {
  name: 'demo',
  title: '`oncefold demo` from typing to verdict, 10,000 messages with failures on the way',
  reference: 'starting the engines, and the requests of such a pipeline from a bare client',
  unit: 's',
  goal: { of: 'subject', max: 10 },
  fullOnly: true,
  async measure() {
    const load = { messages: 10_000, seed: 1 };
    const requests = await recordPipelineRequests(load);
    const pairs = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const subject = await demoSeconds(load.seed);
      const { startSeconds, wallSeconds } = await sendBare(requests, load);
      pairs.push({ subject, reference: startSeconds + wallSeconds });
    }
    return { pairs };
  },
};

async function demoSeconds(seed: number): Promise<number> {
  const beganAt = performance.now();
  const demonstration = await guardedSpawn({
    command: process.execPath,
    args: [bootstrap, 'demo', '--seed', String(seed)],
    stderr: 'inherit',
  });
  const { code } = await demonstration.exited;
  if (code !== 0) {
    throw new Error(`the demonstration ended with ${code}`);
  }
  return (performance.now() - beganAt) / 1_000;
}
