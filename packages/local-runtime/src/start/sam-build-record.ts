import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { parse } from 'smol-toml';
import { StartError } from './start-error.ts';

/** What `sam build` has made a function's code of. */
export interface BuiltSources {
  /** Folder of the code, as an absolute path on the machine that built it. */
  readonly codeUri: string;
  /** Handler in the template; undefined where several functions share the build, of which only one is recorded. */
  readonly handler: string | undefined;
}

export type BuildRecord = ReadonlyMap<string, BuiltSources>;

/**
 * Reads what `sam build` has noted in `build.toml` about its last build.
 *
 * @returns by the function's logical id; empty where nothing is noted
 */
export function readBuildRecord(folder: string): BuildRecord {
  const file = join(folder, '.aws-sam', 'build.toml');
  const record = new Map<string, BuiltSources>();
  if (!existsSync(file)) {
    return record;
  }
  const { function_build_definitions: definitions } = parseRecord(file);
  for (const definition of Object.values(asTable(definitions))) {
    const { codeuri, handler, functions } = asTable(definition);
    if (typeof codeuri !== 'string' || !Array.isArray(functions)) {
      // An image has no code folder.
      continue;
    }
    const isOnly = functions.length === 1 && typeof handler === 'string' && handler !== '';
    for (const name of functions) {
      record.set(String(name), { codeUri: codeuri, handler: isOnly ? handler : undefined });
    }
  }
  return record;
}

/** Says of what the build is instead, when it is not of the code that the template names. */
export function findOtherSources(
  { logicalId, codeUri, handler }: Pick<FunctionResource, 'logicalId' | 'codeUri' | 'handler'>,
  { record, folder }: { readonly record: BuildRecord; readonly folder: string },
): { readonly built: string; readonly named: string } | undefined {
  const built = record.get(logicalId);
  if (built === undefined) {
    return undefined;
  }
  const named = resolve(folder, codeUri);
  if (!isSameFolder(built.codeUri, named, folder)) {
    return { built: built.codeUri, named };
  }
  return built.handler === undefined || built.handler === handler
    ? undefined
    : { built: `the handler ${built.handler}`, named: handler };
}

/** A project that was moved, copied or built in a container still has its code at the same place in it. */
function isSameFolder(built: string, named: string, folder: string): boolean {
  const recorded = resolve(folder, built);
  if (realPath(recorded) === realPath(named)) {
    return true;
  }
  const isInProject = realPath(recorded).startsWith(realPath(folder) + sep);
  const place = relative(folder, named)
    .split(sep)
    .filter((part) => part !== '..' && part !== '');
  const end = recorded.split(/[/\\]/).slice(-place.length);
  return !isInProject && (place.length === 0 || end.join('/') === place.join('/'));
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function parseRecord(file: string): Readonly<Record<string, unknown>> {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new StartError(
      `${file}, which \`sam build\` writes, cannot be read (${reason}); run \`sam build\` again`,
      {
        code: 'function-not-built',
        cause,
      },
    );
  }
}

function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
