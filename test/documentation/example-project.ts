// A project of a stranger, in which every example is a file: it finds packages by name only, as any project would.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type CodeBlock, root } from './code-blocks.ts';

/** Where examples are compiled and run. */
export interface ExampleProject {
  /**
   * Compiles all examples in one run, as strictly as this repository.
   *
   * @returns what the compiler says, as `<file>:<line>: <message>`, by example; everything else that it says under no
   * example
   */
  compile(blocks: readonly CodeBlock[]): Promise<ReadonlyMap<CodeBlock | undefined, readonly string[]>>;
  /**
   * Runs one example, with no credentials and no region.
   *
   * @returns what went wrong, with lines of the example's own file; nothing if nothing did
   */
  run(block: CodeBlock, code: string): Promise<string | undefined>;
  remove(): Promise<void>;
}

const RUN_TIMEOUT_MS = 200_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

const compilerOptions = {
  moduleDetection: 'force',
  types: ['node'],
  // An example may show a value and not use it, and exports without the types that a library would write down.
  noUnusedLocals: false,
  noUnusedParameters: false,
  isolatedDeclarations: false,
  declaration: false,
};

/**
 * Creates the project in a temporary folder, because Node.js strips no types from what is below `node_modules`.
 *
 * @returns the project; remove it in the end
 */
export async function createExampleProject(): Promise<ExampleProject> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'oncefold-examples-'));
  await linkPackages(join(directory, 'node_modules'));
  await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  return {
    compile: (blocks) => compile(directory, blocks),
    run: (block, code) => run(directory, block, code),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Links every package of the workspace, and everything that one of them depends on. */
async function linkPackages(modules: string): Promise<void> {
  const targets = new Map<string, string>();
  for (const manifest of globSync(['package.json', '{packages,services}/*/package.json'], { cwd: root })) {
    const folder = join(root, dirname(manifest));
    const content = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
    for (const name of Object.keys({ ...content.dependencies, ...content.devDependencies })) {
      if (!targets.has(name)) {
        targets.set(name, join(folder, 'node_modules', name));
      }
    }
    targets.set(content.name, folder);
  }
  for (const [name, target] of targets) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(target, join(modules, name), 'dir');
  }
}

async function compile(
  directory: string,
  blocks: readonly CodeBlock[],
): Promise<ReadonlyMap<CodeBlock | undefined, readonly string[]>> {
  const byPath = new Map(blocks.map((block) => [pathOf('compiled', block), block]));
  for (const [path, { text }] of byPath) {
    await writeCode(join(directory, path), text);
  }
  const settings = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['compiled'] };
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(settings));
  const { output } = await execute(directory, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '--pretty',
    'false',
  ]);
  const found = new Map<CodeBlock | undefined, string[]>();
  for (const line of output.split('\n').filter((text) => text !== '')) {
    const [, path = '', at, message] = /^(\S+?)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    const block = byPath.get(path);
    const list = found.get(block) ?? [];
    found.set(block, list);
    list.push(block === undefined ? line : `${block.file}:${at}: ${message}`);
  }
  return found;
}

async function run(directory: string, block: CodeBlock, code: string): Promise<string | undefined> {
  const path = pathOf('run', block);
  await writeCode(join(directory, path), code);
  const { output, failed } = await execute(directory, [path]);
  return failed ? output.replaceAll(join(directory, path), block.file) : undefined;
}

/** The line distinguishes the examples of one file. */
function pathOf(folder: string, { file, line }: CodeBlock): string {
  return `${folder}/${file}.${line}.ts`;
}

async function writeCode(path: string, code: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}

async function execute(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly output: string; readonly failed: boolean }> {
  const env = { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd,
      env,
      timeout: RUN_TIMEOUT_MS,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    return { output: stdout, failed: false };
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      killed,
    } = error as { stdout?: string; stderr?: string; killed?: boolean };
    return { output: `${stdout}${stderr}${killed ? 'It did not end in time.' : ''}`, failed: true };
  }
}
