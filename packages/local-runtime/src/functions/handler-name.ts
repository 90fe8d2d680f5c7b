import { basename, dirname, join } from 'node:path';

export interface HandlerName {
  /** Path of the module below the code's folder, without its ending. */
  readonly module: string;
  /** Names from the module's exports to the function, separated by dots. */
  readonly exportPath: string;
}

/**
 * Splits the name of a Node.js handler as the managed runtime does: the module ends at the first dot of the last segment.
 *
 * @returns undefined for a name without a dot there, or with an empty half
 */
export function splitHandlerName(handler: string): HandlerName | undefined {
  const match = /^([^.]+)\.(.+)$/.exec(basename(handler));
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { module: join(dirname(handler), match[1]), exportPath: match[2] };
}

/** Endings of a handler's file, in the order in which the managed runtime looks for them. */
export const HANDLER_ENDINGS = ['.js', '.mjs', '.cjs'] as const;
/** What is built to one of them; none of these runs on Lambda as it is. */
export const SOURCE_ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.jsx'] as const;
