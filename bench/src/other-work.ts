import { availableParallelism } from 'node:os';
import { guardedSpawn } from '@oncefold/engines';

/** Computes, and allocates what is collected soon, as a neighbor would. */
const PROGRAM = `
let kept = [];
for (let round = 0; ; round += 1) {
  kept.push(JSON.parse(JSON.stringify({ round, text: 'x'.repeat(round % 1000) })));
  if (kept.length > 10000) {
    kept = [];
  }
}`;

/** Keeps each core of the machine busy with a process, until it is stopped or this process ends. */
export async function startOtherWork(): Promise<{ readonly stop: () => Promise<void> }> {
  const processes = await Promise.all(
    Array.from({ length: availableParallelism() }, () =>
      guardedSpawn({ command: process.execPath, args: ['--eval', PROGRAM] }),
    ),
  );
  return {
    async stop() {
      await Promise.all(processes.map((each) => each.stop()));
    },
  };
}
