import { createHash } from 'node:crypto';

/** How long DynamoDB knows a ClientRequestToken after the first request with it was completed. */
export const TOKEN_WINDOW_MS: number = 10 * 60 * 1_000;

const TOKEN_LENGTH_MAX = 36;

/**
 * Ages tokens as AWS documents it, before an engine that never forgets one rightly.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export class TokenWindow {
  readonly #tokens = new Map<string, { completedAt: number | undefined; windowsOver: number }>();
  readonly #clock: () => number;
  #offsetMs = 0;

  /** @param clock - milliseconds of any steady clock */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Gives the token under which the engine is to see a request that is sent to it now. */
  present(token: string): string {
    const known = this.#tokens.get(token) ?? { completedAt: undefined, windowsOver: 0 };
    this.#tokens.set(token, known);
    if (known.completedAt !== undefined && this.#now() - known.completedAt >= TOKEN_WINDOW_MS) {
      known.windowsOver += 1;
      known.completedAt = undefined;
    }
    return known.windowsOver === 0 ? token : renew(token, known.windowsOver);
  }

  /** The engine has completed a request with this token; only the first completion begins the window. */
  complete(token: string): void {
    const known = this.#tokens.get(token);
    if (known !== undefined) {
      known.completedAt ??= this.#now();
    }
  }

  advance(milliseconds: number): void {
    this.#offsetMs += milliseconds;
  }

  /** Lets all windows that have begun be over. */
  expireAll(): number {
    const completed = [...this.#tokens.values()].filter(({ completedAt }) => completedAt !== undefined);
    for (const known of completed) {
      known.completedAt = Number.NEGATIVE_INFINITY;
    }
    return completed.length;
  }

  #now(): number {
    return this.#clock() + this.#offsetMs;
  }
}

function renew(token: string, windowsOver: number): string {
  return createHash('sha256')
    .update(`${windowsOver}:${token}`)
    .digest('base64url')
    .slice(0, TOKEN_LENGTH_MAX);
}
