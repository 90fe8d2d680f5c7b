/**
 * Makes a function find its modules as in Lambda.
 *
 * - What Lambda's Node.js runtime brings is there: beside the function, in a layer, in the project, among the packages of
 *   Oncefold, or installed when it is imported.
 * - ES modules find what is on `NODE_PATH`, such as layers, as CommonJS modules do.
 * - Nothing above the folder of a built function counts: neither `node_modules` nor the `type` of a package.json. Of
 *   sources only the latter is left out, because a build takes their dependencies from there.
 *
 * Loaded for its effect with `--import`, before the handler is.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, type ResolveFnOutput, type ResolveHookContext, registerHooks } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { askForPackage } from './ask-for-package.ts';
import { isLambdaPackage, nodeMajorOf, packageNameOf } from './lambda-packages.ts';
import { createModuleFormats, isWithin } from './module-format.ts';
import { isBuilt } from './task-root.ts';

type Next = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;
type Extension = (module: { _compile(source: string, path: string): void }, path: string) => void;

const taskRoot = realpathSync(process.env['LAMBDA_TASK_ROOT'] ?? process.cwd());
const isIsolated = isBuilt(taskRoot);
const runtimeMajor = nodeMajorOf(process.env['AWS_EXECUTION_ENV'] ?? '');
const nodePath = (process.env['NODE_PATH'] ?? '')
  .split(delimiter)
  .filter((directory) => basename(directory) === 'node_modules');
const require = createRequire(import.meta.url);
let warned = false;
/** A module is being looked for in another place: that look-up must not begin again at the first. */
let isElsewhere = false;

const formatOf = createModuleFormats({
  taskRoot,
  detects: !process.execArgv.includes('--no-experimental-detect-module'),
  onDetected(path) {
    if (runtimeMajor < 24 && !warned) {
      warned = true;
      process.stderr.write(
        `${path} is an ES module by its syntax alone, which nodejs${runtimeMajor}.x on Lambda does not accept: name it .mjs, or add a package.json with "type": "module" beside it\n`,
      );
    }
  },
});

registerHooks({
  resolve(specifier, context, next) {
    const resolved = isElsewhere ? next(specifier, context) : resolve(specifier, context, next as Next);
    const format = resolved.url.startsWith('file:') ? formatOf(fileURLToPath(resolved.url)) : undefined;
    return format === undefined ? resolved : { ...resolved, format };
  },
});

// `require`, and `import` of a CommonJS module, take the format from the package.json above, whatever was resolved.
const extensions = require.extensions as unknown as Record<string, Extension>;
const loadScript = extensions['.js'];
extensions['.js'] = (module, path) => {
  if (formatOf(path) === undefined) {
    loadScript?.(module, path);
  } else {
    module._compile(readFileSync(path, 'utf8'), path);
  }
};

function resolve(specifier: string, context: ResolveHookContext, next: Next): ResolveFnOutput {
  const name = packageNameOf(specifier);
  if (name === undefined) {
    return next(specifier, context);
  }
  const importer = context.parentURL?.startsWith('file:') === true ? fileURLToPath(context.parentURL) : '';
  const elsewhere = (directory: string): ResolveFnOutput => resolveFrom(directory, specifier, context, next);
  let first: ResolveFnOutput | Error = attempt(() => next(specifier, context));
  const isOwn = !isIsolated || !isWithin(taskRoot, importer) || hasBelow(name, importer);
  const above = isOwn ? undefined : packageAbove(name, first);
  if (!(first instanceof Error) && above === undefined) {
    return first;
  }
  const layer = nodePath.find((directory) => existsSync(join(directory, name)));
  if (layer !== undefined) {
    return elsewhere(dirname(layer));
  }
  if (!isLambdaPackage(name, runtimeMajor)) {
    throw above === undefined ? first : notInBuild(name, above);
  }
  // What the project has is what its developers work with.
  if (first instanceof Error) {
    first = attempt(() => elsewhere(import.meta.dirname));
  }
  return first instanceof Error ? elsewhere(askForPackage(name)) : first;
}

/** The error says that there is no such module; all others are thrown. */
function attempt(work: () => ResolveFnOutput): ResolveFnOutput | Error {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof Error && (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')) {
      return error;
    }
    throw error;
  }
}

function resolveFrom(
  directory: string,
  specifier: string,
  context: ResolveHookContext,
  next: Next,
): ResolveFnOutput {
  const parent = join(directory, 'index.js');
  if (context.conditions.includes('import')) {
    return next(specifier, { ...context, parentURL: pathToFileURL(parent).href });
  }
  // `next` of a CommonJS module looks beside that module, whatever the context says.
  isElsewhere = true;
  try {
    const path = createRequire(parent).resolve(specifier);
    return { url: pathToFileURL(path).href, shortCircuit: true };
  } finally {
    isElsewhere = false;
  }
}

/** Whether a package lies between a module of the function and the function's folder. */
function hasBelow(name: string, importer: string): boolean {
  for (let folder = dirname(importer); isWithin(taskRoot, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', name))) {
      return true;
    }
  }
  return false;
}

/** The folder of a package above the function's folder, if that is where it was found. */
function packageAbove(name: string, found: ResolveFnOutput | Error): string | undefined {
  if (found instanceof Error || !found.url.startsWith('file:')) {
    return undefined;
  }
  const path = realpathSync(fileURLToPath(found.url));
  for (let folder = dirname(taskRoot); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate) && isWithin(realpathSync(candidate), path)) {
      return candidate;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}

function notInBuild(name: string, above: string): Error {
  const message = `Cannot find package '${name}': it is in ${above}, but not in the build of the function, and on Lambda nothing lies above that; add it to the dependencies of the function's own package.json and run \`sam build\``;
  return Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
}
