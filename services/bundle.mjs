/**
 * Bundles one service for Lambda: src/handler.ts becomes dist/handler.mjs with its source map.
 *
 * Run in the folder of the service (turbo does). The SDK is bundled, so that a deployed function is what was tested
 * and not what the runtime happens to bring. Fails on inputs that have no place in a function.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { lightStart } from './light-start.mjs';
import { ownSourceMap } from './own-source-map.mjs';

/** Inputs that must never reach a function, and why. */
const forbidden = [
  { pattern: /\.(test|bench|test-d)\.[cm]?[jt]s$|\/test\//, reason: 'test code' },
  {
    pattern: /(^|\/)packages\/(engines|local-runtime|comparison|cli|simulator|workshop)\//,
    reason: 'a package for development',
  },
  { pattern: /@aws-sdk\/client-(?!dynamodb\/)/, reason: 'a second SDK client' },
  { pattern: /\/(vitest|fast-check)\//, reason: 'test code' },
  { pattern: /@noble\/hashes\//, reason: 'Node.js has SHA-256' },
];

/** What a service may have all the same, and why. */
const allowances = {
  generator: [
    { pattern: /(^|\/)packages\/workshop\//, reason: 'the load is what it sends' },
    { pattern: /@aws-sdk\/client-kinesis\//, reason: 'it alone writes to the stream' },
  ],
  scoreboard: [{ pattern: /(^|\/)packages\/workshop\//, reason: 'it scores its rounds' }],
};

/** Largest bundle in bytes, compressed, source map excluded: a function of this project is small, and stays so. */
const compressedSizeMax = 140_000;

const service = basename(process.cwd());
const result = await build({
  entryPoints: ['src/handler.ts'],
  outfile: 'dist/handler.mjs',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  plugins: lightStart,
  metafile: true,
  write: false,
  logLevel: 'warning',
});

const problems = [];
const allowed = allowances[service] ?? [];
for (const input of Object.keys(result.metafile.inputs)) {
  if (allowed.some(({ pattern }) => pattern.test(input))) {
    continue;
  }
  for (const { pattern, reason } of forbidden) {
    if (pattern.test(input)) {
      problems.push(`${input} (${reason})`);
    }
  }
}
const bundle = result.outputFiles.find((file) => file.path.endsWith('.mjs'));
if (bundle === undefined) {
  throw new Error('esbuild made no bundle');
}
const compressedSize = gzipSync(bundle.contents).byteLength;
if (compressedSize > compressedSizeMax) {
  problems.push(`the bundle has ${compressedSize} bytes compressed, more than ${compressedSizeMax}`);
}
const outside = importsFromOutside(result.metafile);
for (const name of outside) {
  problems.push(`${name} is imported but not bundled`);
}

if (problems.length > 0) {
  console.error(`The bundle of ${service} is refused:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  process.exit(1);
}
// Not part of the function: what the tests of the template read to know what the function can call.
const metafile = { path: 'dist/metafile.json', contents: JSON.stringify(result.metafile) };
const map = result.outputFiles.find((file) => file.path.endsWith('.map'));
if (map === undefined) {
  throw new Error('esbuild made no source map');
}
const files = [bundle, { path: map.path, contents: ownSourceMap(map.text, isOwnSource) }, metafile];
await writeAll(files);
const written = new Set(files.map(({ path }) => basename(path)));
for (const name of await readdir('dist')) {
  if (!written.has(name)) {
    await rm(`dist/${name}`, { recursive: true });
  }
}
const kilobytes = (bytes) => `${Math.ceil(bytes / 1000)} kB`;
console.log(`${service}: ${kilobytes(bundle.contents.byteLength)}, ${kilobytes(compressedSize)} compressed`);

/** Neither of a package of others nor made by a plugin. */
function isOwnSource(source) {
  return source.endsWith('.ts') && !source.includes('/node_modules/');
}

/** Names of modules that the bundle would look for at run time although Node.js does not bring them. */
function importsFromOutside(metafile) {
  const names = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const { path, external } of output.imports) {
      if (external && !isBuiltin(path)) {
        names.add(path);
      }
    }
  }
  return names;
}

/**
 * Nothing is written before every check has passed, so that turbo never caches a refused bundle; and each file is
 * replaced at once, because a function may be starting from it.
 */
async function writeAll(files) {
  for (const { path, contents } of files) {
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, contents);
    await rename(unfinished, path);
  }
}
