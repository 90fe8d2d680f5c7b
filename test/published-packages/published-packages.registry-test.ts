// Goal: who installs the packages by name gets what works, at both ends of what the manifests allow.
// Method: `npm run test:packages` publishes them to a registry and runs this. Each project installs from there with npm, and what
// is not ours from the registry of npm; it is compiled as strictly as possible, libraries included, and run: in memory, on a real
// DynamoDB through the SDK, guarded by Powertools, and with the command line.
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshCredentials, LOCAL_REGION, startDynamoDb } from '@oncefold/engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedLibraries, publishedPackages, root, run } from '../packed-packages/published.ts';

/** What a project installs; a range that the manifests allow has both of its ends here. */
interface Combination {
  readonly node: string;
  readonly typescript: string;
  readonly middy: string;
  readonly sdk: string;
  /** Absent: a project without it. */
  readonly powertools?: string;
}

const combinations: readonly Combination[] = [
  { node: '24.21.0', typescript: '7.0.2', middy: '7.9.2', sdk: '3.1169.0', powertools: '2.35.0' },
  { node: '24.21.0', typescript: '6.0.3', middy: '7.0.2', sdk: '3.1000.0' },
  { node: '22.23.3', typescript: '5.9.3', middy: '6.4.5', sdk: '3.1169.0' },
  // Powertools imports a package that npm puts where it is found from this SDK on only.
  { node: '22.0.0', typescript: '5.9.3', middy: '6.0.0', sdk: '3.1111.0', powertools: '2.35.0' },
];
/** The command line needs what Commander does: 22.12. */
const nodesOfCommandLine = ['24.21.0', '22.23.3', '22.12.0'];

const fixture = join(root, 'test', 'packed-packages', 'project');
/** Node.js has one package for each platform. */
const nodePackage = `node-${process.platform}-${process.arch}`;

let directory: string;
let endpoint: string;
let stopEngine: (() => Promise<void>) | undefined;
/** Folders by combination. */
let projects: ReadonlyMap<Combination, string>;
let commandLine: string;
/** Programs by version. */
let nodes: ReadonlyMap<string, string>;

// Installing takes most of the time, and most of that is waiting.
beforeAll(async () => {
  directory = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-strangers-'));
  const versions = new Set([...combinations.map(({ node }) => node), ...nodesOfCommandLine]);
  const [engine, installedProjects, installedNodes, installedCommandLine] = await Promise.all([
    startDynamoDb(),
    Promise.all(combinations.map(async (each) => [each, await createProject(each)] as const)),
    Promise.all([...versions].map(async (version) => [version, await nodeOf(version)] as const)),
    installInto('command-line', ['@oncefold/cli']),
  ]);
  endpoint = engine.endpoint;
  stopEngine = () => engine.stop();
  projects = new Map(installedProjects);
  nodes = new Map(installedNodes);
  commandLine = installedCommandLine;
});

afterAll(async () => {
  await stopEngine?.();
  await rm(directory, { recursive: true, force: true });
});

describe('the combinations', () => {
  it('have both ends of every range that a manifest allows', () => {
    const allowed = (name: string): string[] =>
      publishedPackages.flatMap(({ manifest }) => Object(manifest['peerDependencies'])[name] ?? []);
    expect(new Set(allowed('@middy/core'))).toEqual(new Set(['^6.0.0 || ^7.0.2']));
    expect(new Set(allowed('@aws-sdk/client-dynamodb'))).toEqual(new Set(['^3.1000.0']));
    expect(new Set(allowed('@aws-sdk/lib-dynamodb'))).toEqual(new Set(['^3.1111.0']));
    expect(new Set(allowed('@aws-lambda-powertools/idempotency'))).toEqual(new Set(['^2.35.0']));
    expect(combinations.map(({ middy }) => middy)).toEqual(expect.arrayContaining(['6.0.0', '7.0.2']));
    expect(combinations.map(({ sdk }) => sdk)).toEqual(expect.arrayContaining(['3.1000.0', '3.1111.0']));
    expect(combinations.map(({ powertools }) => powertools)).toEqual(
      expect.arrayContaining(['2.35.0', undefined]),
    );
  });
});

describe.each(combinations)(
  'a project with Node.js $node, TypeScript $typescript, Middy $middy, SDK $sdk, Powertools $powertools',
  (combination) => {
    it('gets the versions of the registry, and no second copy of them', async () => {
      const found = await versionsIn(projectOf(combination));
      for (const { manifest } of publishedLibraries) {
        expect(found.get(manifest.name), manifest.name).toEqual(new Set([manifest['version']]));
      }
      expect(found.get('@middy/core')).toEqual(new Set([combination.middy]));
      expect(found.get('@aws-sdk/client-dynamodb')).toEqual(new Set([combination.sdk]));
      expect(found.has('@aws-lambda-powertools/idempotency')).toBe(combination.powertools !== undefined);
    });

    it('compiles, and counts every record once: in memory and on DynamoDB', async () => {
      const project = projectOf(combination);
      const node = programOf(combination.node);
      const compiler = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
      await run(process.execPath, [compiler, '--noEmit', 'false'], project);
      expect(JSON.parse(await run(node, ['out/deliver.js'], project))).toEqual({
        stock: [
          { Shelf: { S: 'A0' }, Pieces: { N: '5.8' } },
          { Shelf: { S: 'A1' }, Pieces: { N: '5.8' } },
        ],
        isNameRight: true,
      });
      const programs = [
        'with-sdk/deliver-with-ledger',
        'with-sdk/keep-newest',
        ...(combination.powertools === undefined ? [] : ['with-powertools/deliver-with-powertools']),
      ];
      const environment = awsEnvironment();
      for (const program of programs) {
        expect((await run(node, [`out/${program}.js`], project, environment)).trim(), program).toBe('7.5');
      }
    });
  },
);

describe('the installed command line', () => {
  it.each(nodesOfCommandLine)('simulates under Node.js %s', async (version) => {
    const node = programOf(version);
    const folder = join(commandLine, 'node_modules', '@oncefold', 'cli');
    const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly bin: { readonly oncefold: string };
    };
    const oncefold = join(folder, bin.oncefold);
    expect(await run(node, [oncefold, '--help'], commandLine)).toContain('Usage: oncefold');
    const simulated = await run(node, [oncefold, 'simulate', '--seeds', '50'], commandLine);
    expect(simulated).toContain('ledger has no violation in 50 histories');
    expect(simulated).toContain('checkpoint has no violation in 50 histories');
  });

  it('simulates the functions of the pipeline that it brings, and runs them on engines', async () => {
    const oncefold = (...words: string[]): Promise<string> =>
      run('npx', ['--no', 'oncefold', ...words], commandLine);
    expect(await oncefold('simulate', '--stage', 'pipeline', '--seeds', '5')).toContain(
      'pipeline has no violation in 5 histories',
    );
    expect(JSON.parse(await oncefold('demo', '--messages', '500', '--json'))).toMatchObject({
      verdict: 'exact',
    });
  });
});

function projectOf(combination: Combination): string {
  return projects.get(combination) ?? '';
}

function programOf(version: string): string {
  return nodes.get(version) ?? '';
}

/** Every version of every package that npm has installed. */
async function versionsIn(project: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { packages } = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  const found = new Map<string, Set<string>>();
  for (const [path, { version }] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (version !== undefined) {
      found.set(name, (found.get(name) ?? new Set()).add(version));
    }
  }
  return found;
}

async function createProject(combination: Combination): Promise<string> {
  const { node, typescript, middy, sdk, powertools } = combination;
  const project = await installInto(`project-${node}-${typescript}-${middy}`, [
    ...publishedLibraries.map(({ manifest }) => manifest.name),
    `typescript@${typescript}`,
    `@middy/core@${middy}`,
    `@aws-sdk/client-dynamodb@${sdk}`,
    ...(powertools === undefined
      ? []
      : [`@aws-lambda-powertools/idempotency@${powertools}`, `@aws-sdk/lib-dynamodb@${sdk}`]),
    '@types/aws-lambda@8.10.164',
    '@types/node@24.19.2',
  ]);
  await cp(fixture, project, { recursive: true, filter: (source) => !source.endsWith('package.json') });
  await rm(join(project, 'with-command-line'), { recursive: true });
  if (powertools === undefined) {
    await rm(join(project, 'with-powertools'), { recursive: true });
  }
  return project;
}

/** The program of a version: the repository's own, or one of the registry. */
async function nodeOf(version: string): Promise<string> {
  if (version === process.versions.node) {
    return process.execPath;
  }
  const folder = await installInto(`node-${version}`, [`${nodePackage}@${version}`]);
  return join(folder, 'node_modules', nodePackage, 'bin', 'node');
}

/** Installs packages into a new folder, as somebody does who starts a project. */
async function installInto(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(directory, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
  await run('npm', ['install', ...options, ...packages], folder);
  return folder;
}

/** A database of its own for each project: DynamoDB Local has one for each access key. */
function awsEnvironment(): Record<string, string> {
  const { accessKeyId, secretAccessKey } = freshCredentials();
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}
