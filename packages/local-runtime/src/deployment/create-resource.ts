import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from './deploy-error.ts';

interface NewResource<Active> {
  readonly logicalId: string;
  /** Kind and name, for messages. */
  readonly description: string;
  create(options: RequestOptions): Promise<unknown>;
  findActive(options: RequestOptions): Promise<Active | undefined>;
}

interface RequestOptions {
  readonly abortSignal?: AbortSignal;
}

const ATTEMPTS_MAX = 600;
const INTERVAL_MS = 50;

/**
 * Creates a table or stream and waits until it is active; local engines need one or two questions.
 *
 * @throws {@link DeployError} when it exists, is refused, or is not active after 600 questions, half a minute at least
 */
export async function createResource<Active>(
  { logicalId, description, create, findActive }: NewResource<Active>,
  signal?: AbortSignal,
): Promise<Active> {
  const options = signal === undefined ? {} : { abortSignal: signal };
  try {
    await create(options);
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ResourceInUseException') {
      throw new DeployError(`there is a ${description} already`, { code: 'exists', logicalId, cause });
    }
    throw new DeployError(`the engine refuses the ${description}`, { code: 'refused', logicalId, cause });
  }
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const found = await findActive(options);
    if (found !== undefined) {
      return found;
    }
    await sleep(INTERVAL_MS, undefined, { signal });
  }
  throw new DeployError(`is not active after ${ATTEMPTS_MAX} questions`, { code: 'not-active', logicalId });
}
