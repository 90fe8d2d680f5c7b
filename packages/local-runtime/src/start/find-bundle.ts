import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import type { FunctionBundle } from '../application/running-application.ts';
import { HANDLER_ENDINGS, SOURCE_ENDINGS, splitHandlerName } from '../functions/handler-name.ts';
import { codeFolders } from '../functions/runtimes/code-folders.ts';
import { StartError } from './start-error.ts';

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
  const { built: samBuild, source: code } = codeFolders(resource, templateDirectory);
  const candidates = [samBuild, join(dirname(code), 'dist'), join(code, 'dist'), code];
  const { module } = splitHandlerName(resource.handler) ?? { module: resource.handler };
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
  const source = candidates
    .map((directory) => existingOf(join(directory, module), SOURCE_ENDINGS)[0])
    .find(Boolean);
  const missing =
    source === undefined
      ? `there is no ${HANDLER_ENDINGS.map((ending) => module + ending).join(', ')} in ${candidates.join(', ')}`
      : `Lambda does not run ${source} as it is`;
  throw new StartError(
    `the function ${resource.logicalId} is not built: ${missing}; run \`sam build\`, or what else builds it, first`,
    { code: 'function-not-built' },
  );
}

function newestOf(module: string): number | undefined {
  const times = existingOf(module, HANDLER_ENDINGS).map((file) => statSync(file).mtimeMs);
  return times.length === 0 ? undefined : Math.max(...times);
}

function existingOf(module: string, endings: readonly string[]): readonly string[] {
  return endings
    .map((ending) => module + ending)
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
