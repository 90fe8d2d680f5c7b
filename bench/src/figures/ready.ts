import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDynamoDb, startKinesis, startSqs } from '@oncefold/engines';
import type { Figure } from '../figure.ts';
import { repository } from '../repository.ts';

const startOnce = fileURLToPath(new URL('../runtime/start-once.ts', import.meta.url));
const template = join(repository, 'examples', 'orders', 'template.yaml');

/** What a test waits for that starts an application: each start is a process of its own. */
export const ready: Figure = {
  name: 'ready',
  title: 'an application of two functions, from the start of its process until it is fed (examples/orders)',
  reference: 'starting its three engines alone',
  unit: 'ms',
  goal: { of: 'subject', max: 3_000 },
  async measure({ quick }) {
    const rounds = quick ? 1 : 5;
    const pairs = [];
    const starts = [];
    // The first start fills the caches.
    await start();
    for (let round = 0; round < rounds; round += 1) {
      const started = await start();
      starts.push(started);
      pairs.push({ subject: started.readyMs, reference: await startEngines() });
    }
    return { pairs, details: { starts } };
  },
};

interface Start {
  readonly readyMs: number;
}

async function start(): Promise<Start> {
  const { stdout } = await promisify(execFile)(process.execPath, [startOnce, template]);
  return JSON.parse(stdout) as Start;
}

async function startEngines(): Promise<number> {
  const beganAt = performance.now();
  const engines = await Promise.all([startDynamoDb({ isShared: true }), startKinesis(), startSqs()]);
  const elapsedMs = performance.now() - beganAt;
  await Promise.all(engines.map((engine) => engine.stop()));
  return elapsedMs;
}
