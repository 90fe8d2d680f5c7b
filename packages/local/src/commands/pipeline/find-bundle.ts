import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FunctionBundle } from '../../running-application.ts';
import type { FunctionResource } from '../../template/index.ts';
import { CouldNotRunError } from '../could-not-run-error.ts';

/** Endings that Node.js runs as a function's module, in the order in which Lambda looks for them. */
const endings = ['.js', '.mjs', '.cjs'];

/**
 * Finds the built code of a function.
 *
 * Looks where `sam build` puts it, into a folder `dist` beside the sources, and at the code's own folder; the
 * newest of what is there wins, so that a stale build never hides a fresh one.
 *
 * @param resource - The function as the template describes it.
 * @param templateDirectory - Absolute folder of the template.
 * @returns Where the code is.
 * @throws {@link CouldNotRunError} when it is nowhere.
 */
export function findBundle(resource: FunctionResource, templateDirectory: string): FunctionBundle {
  const code = resolve(templateDirectory, resource.codeUri);
  const candidates = [
    join(templateDirectory, '.aws-sam', 'build', resource.logicalId),
    join(dirname(code), 'dist'),
    join(code, 'dist'),
    code,
  ];
  const module = resource.handler.slice(0, resource.handler.lastIndexOf('.'));
  let newest: { readonly directory: string; readonly modifiedAt: number } | undefined;
  for (const directory of candidates) {
    const modifiedAt = newestOf(join(directory, module));
    if (modifiedAt !== undefined && (newest === undefined || modifiedAt > newest.modifiedAt)) {
      newest = { directory, modifiedAt };
    }
  }
  if (newest !== undefined) return { directory: newest.directory };
  throw new CouldNotRunError(
    `the function ${resource.logicalId} is not built: no ${module}.mjs in ${candidates.join(', ')}; run \`pnpm build\` or \`sam build\` first`,
  );
}

function newestOf(module: string): number | undefined {
  const times = endings.flatMap((ending) => {
    const status = statSync(`${module}${ending}`, { throwIfNoEntry: false });
    return status?.isFile() ? [status.mtimeMs] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
