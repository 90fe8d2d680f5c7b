import type { MappingCommand } from '@oncefold/event-source-mapping';
import type { UntimedInput } from './untimed-input.ts';

/** Follows a mapping until the place to begin at is fixed in every shard. */
export interface StartWatch {
  /** Takes an input of the mapping's machine and the commands that it brought, before they are carried out. */
  note(input: UntimedInput, commands: readonly MappingCommand[]): void;
  /** Ends it: the mapping does not go on. */
  end(): void;
  readonly ended: Promise<void>;
}

/**
 * Makes the watch of one mapping.
 *
 * The shards of the first listing that are read at once must have answered a first read: the place of LATEST is found then. Shards
 * that wait for their parents, or appear later, are read from their beginning or from a time, which does not move.
 */
export function createStartWatch(): StartWatch {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let open: Set<string> | undefined;

  function note(input: UntimedInput, commands: readonly MappingCommand[]): void {
    if (input.type === 'shards-listed') {
      open ??= new Set(commands.flatMap((command) => (command.type === 'read' ? [command.shardId] : [])));
    } else if (input.type === 'records-read') {
      open?.delete(input.shardId);
    }
    if (open?.size === 0) {
      end();
    }
  }

  return { note, end, ended };
}
