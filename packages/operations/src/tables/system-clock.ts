import { setTimeout as pause } from 'node:timers/promises';
import type { OperationsClock } from './send-again.ts';

/** The clock of this machine. */
export const systemOperationsClock: OperationsClock = {
  now: Date.now,
  random: Math.random,
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
};
