import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Application, FunctionResource } from '@oncefold/sam-template';
import { findNewerSource } from './find-newer-source.ts';
import { type BuildRecord, findOtherSources, readBuildRecord } from './sam-build-record.ts';
import { StartError } from './start-error.ts';

/** Where `sam build` puts what it makes, from the folder of the template. */
const BUILD_FOLDER = join('.aws-sam', 'build');

/**
 * Takes handler and code of each function from the template that `sam build` has written, as `sam local` does.
 *
 * A build can name another handler, when its entry is in a folder below, and functions with the same code share one folder. What
 * the build does not have stays as the template says it: a function that was added since, or everything where nothing is built.
 * Templates in one folder share its build: code that was made of another template's function of that name is reported.
 *
 * @param options.read - reads a template with the parameters of this run
 * @param options.onNotice - told of a function whose build is of other code
 * @throws {@link StartError} when the built template cannot be read with them
 */
export async function withSamBuild(
  application: Application,
  options: {
    readonly file: string;
    readonly read: (file: string) => Promise<Application>;
    readonly onNotice?: ((functionId: string, message: string) => void) | undefined;
  },
): Promise<Application> {
  const folder = dirname(options.file);
  const template = join(folder, BUILD_FOLDER, 'template.yaml');
  if (!existsSync(template)) {
    return application;
  }
  const built = await options.read(template).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `the build in ${join(folder, '.aws-sam')} is not one of this template (${reason}); run \`sam build\` again, or remove that folder`,
      { code: 'function-not-built', cause },
    );
  });
  const functions = new Map(built.functions.map((resource) => [resource.logicalId, resource]));
  const record = readBuildRecord(folder);
  const take = (resource: FunctionResource): FunctionResource => {
    const found = functions.get(resource.logicalId);
    // Nothing is built of code that is in the template.
    if (
      resource.inlineCode !== undefined ||
      found === undefined ||
      !existsSync(resolve(dirname(template), found.codeUri))
    ) {
      return resource;
    }
    const { handler, codeUri, layers } = found;
    const message = describeOtherCode(resource, { record, folder, file: options.file });
    if (message !== undefined) {
      options.onNotice?.(resource.logicalId, message);
    }
    const fromProject = (path: string): string => relative(folder, resolve(dirname(template), path));
    return { ...resource, handler, codeUri: fromProject(codeUri), layers: layers.map(fromProject) };
  };
  return { ...application, functions: application.functions.map(take) };
}

/** Says how the code that was built differs from what the template and its sources say. */
function describeOtherCode(
  resource: FunctionResource,
  at: { readonly record: BuildRecord; readonly folder: string; readonly file: string },
): string | undefined {
  const { record, folder, file } = at;
  const other = findOtherSources(resource, at);
  const remedy = `run \`sam build --template ${basename(file)}\``;
  if (other !== undefined) {
    return `its build in ${join(folder, '.aws-sam')} is of ${other.built}, and the template names ${other.named}; ${remedy}`;
  }
  const sources = resolve(folder, resource.codeUri);
  const isFolder = statSync(sources, { throwIfNoEntry: false })?.isDirectory() ?? false;
  // Written when all is built, which may have made sources, too.
  const builtAt = statSync(join(folder, BUILD_FOLDER, 'template.yaml')).mtimeMs;
  const newer = isFolder && record.has(resource.logicalId) ? findNewerSource(sources, builtAt) : undefined;
  return newer && `its build is older than ${newer}; ${remedy}`;
}
