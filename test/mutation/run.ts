/**
 * Changes the code of a package in one place after the other and runs the tests that reach it. A change that no test notices
 * must have its reason in `survivors/<package>.json`, and a reason its change.
 *
 *     npm run --silent mutation                          all packages of the list below
 *     npm run --silent mutation -- commit                one package
 *     npm run --silent mutation -- commit retry.ts       files or folders below its src
 *     npm run --silent mutation -- commit --force        also what has not changed since the last run
 *     npm run --silent mutation -- commit --quick        only with the tests beside the source that do not draw many cases
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { checkSurvivors, type Mutant, type Survivor } from './check-survivors.ts';
import { describeMutant } from './describe-mutant.ts';

/** The packages, and what is left out below their `src`, because only a real engine can test it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  reducer: [],
  'request-token': [],
  // A suite of tests that is published; what it holds is run on four stores.
  commit: ['contract'],
  'event-source-mapping': [],
  middleware: [],
};

/** What says that a test noticed the change; `RuntimeError` says that a test's file could not even be loaded. */
const NOTICED: readonly string[] = ['Killed', 'Timeout', 'RuntimeError'];

type Results = Awaited<ReturnType<Stryker['runMutationTest']>>;

interface Run {
  readonly packageName: string;
  /** Files and folders below the package's `src`; empty: all. */
  readonly paths: readonly string[];
  readonly force: boolean;
  readonly quick: boolean;
  readonly concurrency: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      force: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      concurrency: { type: 'string', default: '1' },
    },
    allowPositionals: true,
  });
  const [name, ...paths] = positionals;
  if (name !== undefined && PACKAGES[name] === undefined) {
    console.error(`${name} is not one of ${Object.keys(PACKAGES).join(', ')}`);
    return 2;
  }
  let status = 0;
  for (const packageName of name === undefined ? Object.keys(PACKAGES) : [name]) {
    const run = { ...values, packageName, paths, concurrency: Number(values.concurrency) };
    status = (await testMutants(run)) ? status : 1;
  }
  return status;
}

/** Says whether every mutant was noticed or has a reason, and every reason a mutant. */
async function testMutants(run: Run): Promise<boolean> {
  const files = filesToMutate(run);
  if (files.length === 0) {
    console.error(`${sourceOf(run.packageName)} has no code at ${run.paths.join(', ')}`);
    return false;
  }
  const results = (await runStryker(run, files))
    // Stryker also returns what it knows from former runs of other files.
    .filter(({ fileName }) => files.includes(relative(root, fileName)));
  const unnoticed = results
    .filter(({ status }) => !NOTICED.includes(status))
    .map((result) => {
      const file = relative(sourceOf(run.packageName), relative(root, result.fileName));
      return describeMutant(result, { file, text: readFileSync(result.fileName, 'utf8') });
    });
  const survivors = readSurvivors(run.packageName);
  const { unexplained, stale } = checkSurvivors(
    unnoticed,
    // Reasons for files that are left out of this run are not looked at.
    survivors.filter(({ file }) => run.paths.length === 0 || run.paths.some((path) => isBelow(file, path))),
  );
  printResults(run.packageName, results);
  printList(`${unexplained.length} mutants survive without a reason`, unexplained);
  printList(`${stale.length} reasons belong to no mutant that survives`, stale);
  return unexplained.length === 0 && stale.length === 0;
}

/** Runs Stryker in a copy of the package; only its tests that need no engine are in the Vitest configuration. */
async function runStryker(
  { packageName, force, quick, concurrency }: Run,
  files: readonly string[],
): Promise<Results> {
  process.env['MUTATED_PACKAGE'] = packageName;
  process.env['MUTATED_QUICKLY'] = quick ? 'yes' : '';
  const reports = `reports/mutation/${packageName}${quick ? '.quick' : ''}`;
  keepOnlyKilled(`${reports}.incremental.json`);
  const stryker = new Stryker({
    mutate: [...files],
    // What a package imports from another one comes through node_modules, unchanged.
    ignorePatterns: [
      '**',
      `!packages/${packageName}/**`,
      '!test/mutation/**',
      '!tsconfig.base.json',
      'node_modules',
    ],
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    testRunner: 'vitest',
    // All tests of the package: what they reach is measured, and does not have to be imported by its path.
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    // Stryker would rewrite tsconfig.json with a programming interface that TypeScript 7 does not have; all files are there anyway.
    tsconfigFile: 'none',
    incremental: true,
    incrementalFile: `${reports}.incremental.json`,
    force,
    reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only', 'html'],
    htmlReporter: { fileName: `${reports}.html` },
    concurrency,
    // A loop without an end is mostly told by how often it comes by the mutant, and a test that hangs by Vitest. On a busy machine
    // a shorter time would take a mutant that survives many slow tests for noticed.
    timeoutMS: 120_000,
  });
  return stryker.runMutationTest();
}

/**
 * Forgets the mutants of former runs that no test has killed: Stryker would not look at them again after a change in what the tests
 * import, and takes code that runs while a module is loaded for not covered even after a test for it was added.
 */
function keepOnlyKilled(incrementalFile: string): void {
  if (!existsSync(incrementalFile)) {
    return;
  }
  const former: { readonly files: Record<string, { mutants: readonly { readonly status: string }[] }> } =
    JSON.parse(readFileSync(incrementalFile, 'utf8'));
  for (const file of Object.values(former.files)) {
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed');
  }
  writeFileSync(incrementalFile, JSON.stringify(former));
}

function filesToMutate({ packageName, paths }: Run): string[] {
  return readdirSync(sourceOf(packageName), { recursive: true })
    .map((file) => String(file))
    .filter((file) => file.endsWith('.ts') && !/\.(test|bench|test-d|d)\.ts$/.test(file))
    .filter((file) => paths.length === 0 || paths.some((path) => isBelow(file, path)))
    .filter((file) => !PACKAGES[packageName]?.some((path) => isBelow(file, path)))
    .map((file) => `${sourceOf(packageName)}/${file}`);
}

function readSurvivors(packageName: string): readonly Survivor[] {
  const path = join('test/mutation/survivors', `${packageName}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

function printResults(packageName: string, results: Results): void {
  const counts: Record<string, number> = {};
  for (const { status } of results) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  const summary = Object.entries(counts).map(([status, count]) => `${status} ${count}`);
  console.log(`${packageName}: ${results.length} mutants: ${summary.join(', ')}`);
  console.log(`  reports/mutation/${packageName}.html`);
}

/** Prints mutants as they are written in the file of reasons. */
function printList(title: string, mutants: readonly (Mutant | Survivor)[]): void {
  if (mutants.length > 0) {
    console.error(`${title}:`);
    console.error(mutants.map((mutant) => JSON.stringify({ ...mutant, reason: '' }, null, 2)).join(',\n'));
  }
}

function sourceOf(packageName: string): string {
  return `packages/${packageName}/src`;
}

function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}
