import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import type { FunctionBundle } from '../application/running-application.ts';
import { StartError } from './start-error.ts';

/** Endings that Node.js runs as a function's module, in the order in which Lambda looks for them. */
const endings = ['.js', '.mjs', '.cjs'];

/**
 * Finds the built code of a function.
 *
 * Looks where `sam build` puts it, into a folder `dist` beside the sources or in them, and at the code's own folder.
 *
 * Of functions that are whole bundles wherever they are, the newest wins. Of a plain function the sources hold the
 * handler's file as well, and are newer after every change, but only the build has the dependencies: the newest would
 * fail at the first import. `sam local invoke` runs a stale build, too, so users know that.
 */
export function findBundle(
  resource: FunctionResource,
  templateDirectory: string,
  first: 'newest' | 'sam-build' = 'newest',
): FunctionBundle {
  const code = resolve(templateDirectory, resource.codeUri);
  const samBuild = join(templateDirectory, '.aws-sam', 'build', resource.logicalId);
  const candidates = [samBuild, join(dirname(code), 'dist'), join(code, 'dist'), code];
  const module = resource.handler.slice(0, resource.handler.lastIndexOf('.'));
  if (first === 'sam-build' && newestOf(join(samBuild, module)) !== undefined) {
    return { directory: samBuild };
  }
  let newest: { readonly directory: string; readonly modifiedAt: number } | undefined;
  for (const directory of candidates) {
    const modifiedAt = newestOf(join(directory, module));
    if (modifiedAt !== undefined && (newest === undefined || modifiedAt > newest.modifiedAt)) {
      newest = { directory, modifiedAt };
    }
  }
  if (newest !== undefined) {
    return { directory: newest.directory };
  }
  throw new StartError(
    `the function ${resource.logicalId} is not built: no ${module}.mjs in ${candidates.join(', ')}; run \`pnpm build\` or \`sam build\` first`,
    { code: 'function-not-built' },
  );
}

function newestOf(module: string): number | undefined {
  const times = endings.flatMap((ending) => {
    const status = statSync(`${module}${ending}`, { throwIfNoEntry: false });
    return status?.isFile() ? [status.mtimeMs] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
