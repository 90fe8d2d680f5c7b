import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from './deploy-error.ts';

const ATTEMPTS_MAX = 600;
const INTERVAL_MS = 50;

/**
 * Asks until something is there; local engines need one or two questions.
 *
 * @param logicalId - what is waited for, for the message
 * @param ask - gives it when it is active
 * @param signal - ends the waiting
 * @returns what `ask` gave
 * @throws {@link DeployError} after 600 questions, half a minute at least
 */
export async function untilActive<T>(
  logicalId: string,
  ask: () => Promise<T | undefined>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const found = await ask();
    if (found !== undefined) {
      return found;
    }
    await sleep(INTERVAL_MS, undefined, signal === undefined ? {} : { signal });
  }
  throw new DeployError('not-active', logicalId, `is not active after ${ATTEMPTS_MAX} questions`);
}
