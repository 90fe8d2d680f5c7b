import { createHash } from 'node:crypto';

/** How long DynamoDB knows a ClientRequestToken after the first request with it was completed. */
export const TOKEN_WINDOW_MS: number = 10 * 60 * 1_000;

const TOKEN_LENGTH_MAX = 36;

/** Ages tokens as AWS documents it, before an engine that never forgets one rightly. */
export interface TokenWindow {
  /**
   * Gives the token under which the engine is to see a request that is sent to it now.
   *
   * @returns the same one within the window, another one made from it for each window that is over
   */
  present(token: string): string;
  /** The engine has completed a request with this token; only the first completion begins the window. */
  complete(token: string): void;
  advance(milliseconds: number): void;
  /**
   * Lets all windows that have begun be over.
   *
   * @returns how many tokens that were
   */
  expireAll(): number;
}

/**
 * Remembers when each token was first completed.
 *
 * @param options.now - milliseconds of any steady clock
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function createTokenWindow(options: {
  readonly windowMs?: number;
  readonly now: () => number;
}): TokenWindow {
  const windowMs = options.windowMs ?? TOKEN_WINDOW_MS;
  const tokens = new Map<string, { completedAt: number | undefined; windowsOver: number }>();
  let offsetMs = 0;
  const now = (): number => options.now() + offsetMs;

  return {
    present: (token) => {
      const known = tokens.get(token) ?? { completedAt: undefined, windowsOver: 0 };
      tokens.set(token, known);
      if (known.completedAt !== undefined && now() - known.completedAt >= windowMs) {
        known.windowsOver += 1;
        known.completedAt = undefined;
      }
      return known.windowsOver === 0 ? token : renew(token, known.windowsOver);
    },
    complete: (token) => {
      const known = tokens.get(token);
      if (known !== undefined) {
        known.completedAt ??= now();
      }
    },
    advance: (milliseconds) => {
      offsetMs += milliseconds;
    },
    expireAll: () => {
      let expired = 0;
      for (const known of tokens.values()) {
        if (known.completedAt === undefined) {
          continue;
        }
        known.completedAt = Number.NEGATIVE_INFINITY;
        expired += 1;
      }
      return expired;
    },
  };
}

function renew(token: string, windowsOver: number): string {
  return createHash('sha256')
    .update(`${windowsOver}:${token}`)
    .digest('base64url')
    .slice(0, TOKEN_LENGTH_MAX);
}
