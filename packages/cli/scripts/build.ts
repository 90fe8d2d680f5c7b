/**
 * Makes `dist`, the command line as it is published, with what tests import of it: the repository in miniature.
 *
 * Every module that the command may load, of packages that are not published, becomes one JavaScript file at its own path, so that
 * what a module finds beside itself (a worker, a runtime client, the template) is found there in an installed command, too. Published
 * packages and those of others stay imports; the manifest has to name exactly these.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileScript } from '@oncefold/simulator/page';
import { build, type PluginBuild } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cli = join(root, 'packages/cli');
const dist = join(cli, 'dist');
const testing = join(cli, 'src/testing/index.ts');
const services = ['state', 'map', 'reduce', 'generator', 'scoreboard'];
/** A module that another one loads by its file's name. */
const besideItself = /new URL\('([^']+)\.ts', import\.meta\.url\)/g;
/** Powertools Idempotency imports it without declaring it. */
const undeclaredElsewhere = '@aws-sdk/lib-dynamodb';
const livePageScript = 'packages/cli/src/live-page/browser/live-page-script';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Packages that the built modules import. */
const imported = new Set<string>();

const manifest = readManifest(cli);
const published = new Set(
  readdirSync(join(root, 'packages'))
    .map((folder) => readManifest(join(root, 'packages', folder)))
    .filter((each) => each.private !== true)
    .map(({ name }) => name),
);
buildFunctions();
await buildModules([join(cli, 'src/cli.ts'), testing]);
buildDeclarations();
copyFiles();
checkDependencies();

/** Follows the imports from one module to the next. */
async function buildModules(entries: readonly string[]): Promise<void> {
  const known = new Set<string>();
  let found = new Set(entries);
  while (found.size > 0) {
    const entryPoints = [...found];
    for (const file of entryPoints) {
      known.add(file);
    }
    const next = new Set<string>();
    await build({
      entryPoints,
      outdir: dist,
      outbase: root,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      logLevel: 'warning',
      plugins: [{ name: 'modules', setup: (pluginBuild) => followImports(pluginBuild, next) }],
    });
    found = new Set([...next].filter((file) => !known.has(file)));
  }
}

function followImports(pluginBuild: PluginBuild, found: Set<string>): void {
  pluginBuild.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
    if (kind === 'entry-point' || pluginData === 'here') {
      return undefined;
    }
    if (isBuiltin(path)) {
      return { path, external: true };
    }
    if (!path.startsWith('.') && !isOfOurs(path)) {
      imported.add(packageOf(path));
      return { path, external: true };
    }
    const resolved = await pluginBuild.resolve(path, { kind, importer, resolveDir, pluginData: 'here' });
    found.add(resolved.path);
    const target = relative(dirname(importer), resolved.path).replace(/\.ts$/, '.js');
    return { path: target.startsWith('.') ? target : `./${target}`, external: true };
  });
  pluginBuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    for (const [, name] of text.matchAll(besideItself)) {
      found.add(join(dirname(path), `${name}.ts`));
    }
    const contents = text
      .replaceAll(besideItself, "new URL('$1.js', import.meta.url)")
      .replaceAll('npm run oncefold --', 'npx --no oncefold');
    return { contents, loader: 'ts' };
  });
}

/** Whether a package is of this repository and not published. */
function isOfOurs(path: string): boolean {
  return path.startsWith('@oncefold/') && !published.has(packageOf(path));
}

function packageOf(path: string): string {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/');
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function buildFunctions(): void {
  const args = ['run', 'build', '--filter=./services/*', '--output-logs=errors-only'];
  const turbo = join(root, 'node_modules/.bin/turbo');
  const { status, stdout, stderr } = spawnSync(turbo, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the functions could not be built:\n${stdout}${stderr}`);
  }
}

/** The declarations of what tests import, and of the modules of unpublished packages that these name. */
function buildDeclarations(): void {
  const made = mkdtempSync(join(tmpdir(), 'oncefold-declarations-'));
  try {
    compileDeclarations(testing, made);
    const found = new Set([declarationOf(testing)]);
    for (const path of found) {
      const text = readFileSync(join(made, path), 'utf8');
      write(
        path,
        text.replaceAll(/(?<=from ')[^']+(?=')/g, (specifier) => {
          if (!specifier.startsWith('.') && !isOfOurs(specifier)) {
            imported.add(packageOf(specifier));
            return specifier;
          }
          const target = specifier.startsWith('.')
            ? join(dirname(path), specifier.replace(/\.ts$/, '.d.ts'))
            : compileDeclarations(fileURLToPath(import.meta.resolve(specifier)), made);
          found.add(target);
          const beside = relative(dirname(path), target).replace(/\.d\.ts$/, '.js');
          return beside.startsWith('.') ? beside : `./${beside}`;
        }),
      );
    }
  } finally {
    rmSync(made, { recursive: true });
  }
}

/** Makes the declarations of a module and of what it imports by path: the compiler makes none of other packages. */
function compileDeclarations(module: string, outDir: string): string {
  const project = join(outDir, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir,
    typeRoots: [join(cli, 'node_modules/@types')],
  };
  const settings = { extends: join(cli, 'tsconfig.json'), compilerOptions, include: [], files: [module] };
  writeFileSync(project, JSON.stringify(settings));
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { status, stdout, stderr } = spawnSync(compiler, ['--project', project], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the declarations of ${module} could not be made:\n${stdout}${stderr}`);
  }
  return declarationOf(module);
}

/** Path of a module's declarations, from the folder of the repository or of the build. */
function declarationOf(module: string): string {
  return relative(root, module).replace(/\.ts$/, '.d.ts');
}

/** What modules read while they run. */
function copyFiles(): void {
  for (const service of services) {
    const file = `services/${service}/dist/handler.mjs`;
    // The source map names files that are not there.
    write(file, readFileSync(join(root, file), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
  for (const path of ['template.yaml', 'stacks', 'pnpm-workspace.yaml']) {
    cpSync(join(root, path), join(dist, path), { recursive: true });
  }
  const { name, version } = manifest;
  write('packages/cli/package.json', JSON.stringify({ name, version, type: 'module', private: true }));
  write(`${livePageScript}.script`, compileScript(pathToFileURL(join(root, livePageScript))));
}

function write(path: string, text: string): void {
  const file = join(dist, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The engines are programs: nothing imports them, and who leaves them out can still use what needs none. */
function checkDependencies(): void {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const named = { ...dependencies, ...peerDependencies };
  const missing = [...imported].filter((name) => !(name in { ...named, ...optionalDependencies }));
  const unused = Object.keys(named).filter((name) => !imported.has(name) && name !== undeclaredElsewhere);
  if (missing.length + unused.length > 0) {
    throw new Error(
      `package.json must name what is imported: missing ${missing.join(', ')}; unused ${unused.join(', ')}`,
    );
  }
}
