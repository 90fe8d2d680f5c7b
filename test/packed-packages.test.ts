// Goal: a stranger can use the published packages.
// Method: the packages are packed and their tarballs installed into a project outside of the workspace, which knows
// nothing of it. A handler of another domain must pass the strictest types and count right. Everything that is no
// tarball is linked from this workspace, so that nothing is downloaded; `npm run test:packages` installs from a registry.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build, type Metafile } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedProject } from './documentation/documented-project.ts';
import { budgets, forbiddenInCore } from './packed-packages/budgets.ts';
import { type Manifest, publishedPackages, root, rootManifest, run } from './packed-packages/published.ts';

const REPOSITORY = 'https://github.com/oncefold/oncefold';
const PREPARATION_TIMEOUT_MS = 300_000;

let directory: string;
/** Paths by package name. */
const tarballs = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-packed-'));
  for (const { folder, manifest } of publishedPackages) {
    const packed = await run('pnpm', ['pack', '--json', '--pack-destination', directory], join(root, folder));
    const { filename } = JSON.parse(packed.slice(packed.indexOf('{'))) as { filename: string };
    tarballs.set(manifest.name, filename);
  }
}, PREPARATION_TIMEOUT_MS);

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the manifests', () => {
  it.each(publishedPackages)('have one form: $folder', ({ folder, manifest }) => {
    expect(manifest).toMatchObject({
      name: `@oncefold/${folder.slice('packages/'.length)}`,
      version: rootManifest['version'],
      description: expect.stringMatching(/^\S.{20,160}\.$/),
      keywords: expect.arrayContaining(['oncefold']),
      homepage: `${REPOSITORY}/tree/main/${folder}#readme`,
      bugs: `${REPOSITORY}/issues`,
      repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: folder },
      license: 'MIT',
      author: 'The Oncefold authors',
      type: 'module',
      sideEffects: false,
      files: expect.arrayContaining(['dist']),
      // The command line needs what Commander does.
      engines: { node: 'bin' in manifest ? '>=22.12' : '>=22' },
      publishConfig: { access: 'public', provenance: true },
      scripts: { prepack: expect.stringMatching(/^node \.\.\/\.\.\/scripts\/packed-by-pnpm\.mjs && /) },
    });
  });

  it.each(publishedPackages)(
    'cannot be packed by npm, which says what to do: $folder',
    async ({ folder }) => {
      await expect(run('npm', ['pack', '--dry-run'], join(root, folder))).rejects.toThrow(
        /npm\/\S+ cannot pack @oncefold\/.*`pnpm pack`, or `pnpm publish`/,
      );
    },
  );
});

describe('the repository', () => {
  it.each(['npm', 'pnpm'])('cannot be packed by %s, which names what can', async (packer) => {
    await expect(run(packer, ['pack', '--dry-run'], root)).rejects.toThrow(
      'oncefold is not a package to be installed: those are the folders below packages.',
    );
  });
});

describe.each(publishedPackages)('the packed package $manifest.name', ({ folder, manifest: { name } }) => {
  it('has an entry for every way to import it', async () => {
    const data = await tarball(name);
    const { messages } = await publint({ pack: { tarball: data.buffer as ArrayBuffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it('holds what was built, license and README, and nothing of the repository', async () => {
    const files = await filesOf(name);
    const other = [...files.keys()].filter((file) => !file.startsWith('dist/'));
    const own = name === '@oncefold/request-token' ? ['test-vectors.json'] : [];
    expect(other.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json', ...own]);
    const misplaced = /\.(test|bench|test-d|property)\.|(^|\/)(test|bench|stress|examples)\/|tsbuildinfo/;
    expect([...files.keys()].filter((file) => misplaced.test(file))).toEqual([]);
    const { scripts: _, ...manifest } = JSON.parse(files.get('package.json') ?? '') as Manifest;
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|\.\/src\/|(?<!\.d)\.ts"/);
    const local = [...files].filter(([, text]) => text.includes(root));
    expect(local.map(([file]) => file)).toEqual([]);
  });

  it('has no source map that points to nothing', async () => {
    const files = await filesOf(name);
    const broken = [...files].filter(([file, text]) => {
      if (file.endsWith('.map')) {
        const { sources, sourcesContent = [] } = JSON.parse(text) as {
          sources: readonly string[];
          sourcesContent?: readonly string[];
        };
        return sources.some((_, index) => typeof sourcesContent[index] !== 'string');
      }
      const map = /^\/\/# sourceMappingURL=(.*)$/m.exec(text)?.[1];
      return map !== undefined && !files.has(join(dirname(file), map));
    });
    expect(broken.map(([file]) => file)).toEqual([]);
  });

  it('has a README whose links lead somewhere on npm, too', async () => {
    const readme = (await filesOf(name)).get('README.md') ?? '';
    expect(readme).toMatch(new RegExp(`^# ${name}\n`));
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => link ?? []);
    const broken = [];
    for (const link of links) {
      if (link.startsWith(`${REPOSITORY}/`)) {
        const [path = '', anchor] = link.slice(REPOSITORY.length).split('#');
        const file = path.replace(/^\/(blob|tree)\/main\//, '');
        if (!existsSync(join(root, file)) || !(await hasAnchor(file, anchor))) {
          broken.push(link);
        }
      } else if (!link.startsWith('https://')) {
        // Where a relative link leads to depends on who shows the page.
        broken.push(link);
      }
    }
    expect(broken, folder).toEqual([]);
  });
});

describe.each(publishedPackages)('the types of $manifest.name', ({ manifest: { name } }) => {
  it('are found in every way to resolve modules', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(await tarball(name)));
    if (analysis.types === false) {
      throw new Error('the package has no types');
    }
    // It is made of ES modules only, and of subpaths that resolvers before Node.js 12 do not know.
    const ofOurChoice: string[] = ['CJSResolvesToESM'];
    const problems = analysis.problems.filter(
      (problem) =>
        !ofOurChoice.includes(problem.kind) &&
        !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    expect(problems).toEqual([]);
  });
});

describe.each([
  ['Middy 7', '@middy/core'],
  ['Middy 6', 'middy-6'],
])('a project with %s', (_, middy) => {
  let project: string;

  beforeAll(async () => {
    project = await projectWith(middy, { isSmallest: true });
  }, PREPARATION_TIMEOUT_MS);

  it('finds the version it asked for', async () => {
    const installed = JSON.parse(
      await readFile(join(project, 'node_modules/@middy/core/package.json'), 'utf8'),
    );
    expect(installed.version).toMatch(middy === 'middy-6' ? /^6\./ : /^7\./);
  });

  it('does without the SDK', () => {
    expect(existsSync(join(project, 'node_modules', '@aws-sdk'))).toBe(false);
  });

  it('passes strict types, those of the packages included', async () => {
    await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], project);
  });

  it('counts every record once', async () => {
    const output = await run(process.execPath, ['deliver.ts'], project);
    expect(JSON.parse(output)).toEqual({
      stock: [
        { Shelf: { S: 'A0' }, Pieces: { N: '5.8' } },
        { Shelf: { S: 'A1' }, Pieces: { N: '5.8' } },
      ],
      isNameRight: true,
    });
  });
});

describe('a project without Middy', () => {
  let project: string;

  beforeAll(async () => {
    project = await projectWith(undefined, { isSmallest: true });
  }, PREPARATION_TIMEOUT_MS);

  it('gets none', () => {
    expect(existsSync(join(project, 'node_modules', '@middy'))).toBe(false);
  });

  it('passes strict types, those of the packages included', async () => {
    await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], project);
  });

  it('counts a message once', async () => {
    const output = await run(process.execPath, ['without-middy.ts'], project);
    expect(JSON.parse(output)).toEqual([{ Queue: { S: 'queue' }, Messages: { N: '1' } }]);
  });
});

describe('a project', () => {
  let project: string;

  beforeAll(async () => {
    project = await projectWith('@middy/core');
  }, PREPARATION_TIMEOUT_MS);

  it('passes strict types with the SDK, Powertools and the simulator', async () => {
    await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], project);
  });

  it('runs the command line', async () => {
    const oncefold = join(project, 'node_modules', '.bin', 'oncefold');
    expect(await run(oncefold, ['--help'], project)).toContain('Usage: oncefold');
    expect(await run(oncefold, ['simulate', '--seeds', '5'], project)).toContain(
      'checkpoint has no violation',
    );
    const own = await run(oncefold, ['simulate', '--seeds', '5', '--module', 'simulation.ts'], project);
    expect(own).toContain('module has no violation');
    await run(oncefold, ['simulate', '--seed', '3', '--output', 'timeline.html'], project);
    expect(await readFile(join(project, 'timeline.html'), 'utf8')).toMatch(/<script>.{10000,}<\/script>/s);
  });

  it('runs a SAM application in a program of its own', async () => {
    const application = join(project, 'orders');
    for (const [path, text] of documentedProject('docs/test-streams.md')) {
      await mkdir(dirname(join(application, path)), { recursive: true });
      await writeFile(join(application, path), text);
    }
    const program = join(project, 'with-command-line/run-orders.ts');
    expect(JSON.parse(await run(process.execPath, [program], application))).toEqual({
      seed: 1,
      redelivered: 1,
      records: 1,
    });
  });

  it.each(budgets)('pays for $what no more than its budget', async (budget) => {
    const { size, imports } = await bundle(project, budget.code);
    expect(size, `${budget.what}: ${size} bytes compressed, the budget is ${budget.max}`).toBeLessThanOrEqual(
      budget.max,
    );
    if (!/\/(dynamodb|powertools)'/.test(budget.code)) {
      expect(imports.filter((name) => forbiddenInCore.test(name))).toEqual([]);
    }
  });
});

async function tarball(name: string): Promise<Uint8Array> {
  return readFile(tarballs.get(name) ?? '');
}

/** The texts of a tarball by path. */
async function filesOf(name: string): Promise<ReadonlyMap<string, string>> {
  const content = createPackageFromTarballData(await tarball(name));
  const prefix = `/node_modules/${name}/`;
  return new Map(
    content.listFiles().map((file) => [file.slice(prefix.length), content.readFile(file)] as const),
  );
}

async function hasAnchor(file: string, anchor: string | undefined): Promise<boolean> {
  if (anchor === undefined || anchor === 'readme') {
    return true;
  }
  const headings = (await readFile(join(root, file), 'utf8')).matchAll(/^#+ (.*)$/gm);
  return [...headings].some(
    ([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-') === anchor,
  );
}

/** Bundles a module of the project, and says what is left to import. */
async function bundle(
  project: string,
  code: string,
): Promise<{ readonly size: number; readonly imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: project },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'error',
    external: ['@aws-sdk/*', '@smithy/*', '@middy/*', '@aws-lambda-powertools/*'],
  });
  const [output] = outputFiles;
  if (output === undefined) {
    throw new Error('invariant: one entry makes one bundle');
  }
  return { size: gzipSync(output.contents, { level: 9 }).byteLength, imports: importsOf(metafile) };
}

function importsOf({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path));
}

/** A new project with the tarballs installed; the smallest has neither the SDK nor Powertools nor the simulator. */
async function projectWith(middy: string | undefined, { isSmallest = false } = {}): Promise<string> {
  const project = await mkdtemp(join(directory, 'project-'));
  await cp(join(root, 'test', 'packed-packages', 'project'), project, { recursive: true });
  const file = join(project, 'package.json');
  if (middy === undefined) {
    for (const path of ['name.ts', 'stock.ts', 'deliver.ts', 'optional-peer-of-middy.d.ts']) {
      await rm(join(project, path));
    }
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    delete manifest.dependencies['@middy/core'];
    await writeFile(file, JSON.stringify(manifest));
  }
  if (isSmallest) {
    for (const path of ['with-sdk', 'with-powertools', 'with-command-line', 'simulation.ts']) {
      await rm(join(project, path), { recursive: true });
    }
    const { dependencies, devDependencies, ...manifest } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    // It cannot do without the SDK.
    const { '@oncefold/versioned-upsert': _, ...others } = dependencies;
    const types = Object.entries(devDependencies).filter(([name]) => name.startsWith('@types/'));
    const smallest = { ...manifest, dependencies: others, devDependencies: Object.fromEntries(types) };
    await writeFile(file, JSON.stringify(smallest));
  }
  await install(project, middy);
  return project;
}

/** Installs the tarballs, and links what is no part of the question from this workspace. */
async function install(project: string, middy: string | undefined): Promise<void> {
  const overrides: Record<string, string> = {};
  for (const { folder, manifest } of publishedPackages) {
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    for (const name of Object.keys({
      ...Object(dependencies),
      ...Object(optionalDependencies),
      ...Object(devDependencies),
    })) {
      const linked = join(root, folder, 'node_modules', name);
      if (existsSync(linked)) {
        overrides[name] = `link:${await realpath(linked)}`;
      }
    }
  }
  for (const [name, file] of tarballs) {
    overrides[name] = `file:${file}`;
  }
  if (middy === undefined) {
    delete overrides['@middy/core'];
  } else {
    overrides['@middy/core'] = `link:${join(root, 'node_modules', middy)}`;
  }
  // JSON is YAML too.
  await writeFile(join(project, 'pnpm-workspace.yaml'), JSON.stringify({ pmOnFail: 'ignore', overrides }));
  await run('pnpm', ['install', '--offline', '--no-frozen-lockfile'], project);
}
