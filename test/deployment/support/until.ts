import { setTimeout as sleep } from 'node:timers/promises';

const POLL_INTERVAL_MS = 250;
/** Against hanging: a quiet machine needs a second or two. */
const WAIT_MS_MAX = 120_000;

/**
 * Asks again until the answer is the wanted one.
 *
 * @param ask - gives the answer, and `undefined` while it is not the wanted one
 * @param describe - says what is missing, once time is over
 */
export async function until<Answer>(
  ask: () => Promise<Answer | undefined>,
  describe: () => Promise<string>,
): Promise<Answer> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    await sleep(POLL_INTERVAL_MS);
  }
  throw new Error(`After ${WAIT_MS_MAX / 1_000} s: ${await describe()}`);
}
