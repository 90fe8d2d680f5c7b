// Goal: a function finds its modules as in Lambda: what the runtime brings is there, and nothing above its folder counts.
// Method: real processes over trees of small files, each with an application's package.json and node_modules above.
import { describe, expect, it } from 'vitest';
import { runCode } from './run-code.ts';

const BUILD = '.aws-sam/build/Fn';
const COMMONJS = 'exports.handler = async () => typeof require;';
const ES_MODULE = 'export const handler = async () => typeof import.meta.url;';

/** A package of one value, for both kinds of modules, with a subpath. */
function aPackage(folder: string, name: string, value: string): Record<string, string> {
  const path = `${folder}node_modules/${name}`;
  return {
    [`${path}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    [`${path}/index.js`]: `exports.value = '${value}';`,
    [`${path}/deep/part.js`]: `exports.value = '${value} deep';`,
  };
}

/** The ways in which code imports a package. */
function imports(name: string): [string, Record<string, string>][] {
  return [
    ['require', { 'index.cjs': `exports.handler = async () => require('${name}').value;` }],
    ['import', { 'index.mjs': `import { value } from '${name}'; export const handler = async () => value;` }],
    ['import()', { 'index.cjs': `exports.handler = async () => (await import('${name}')).value;` }],
    [
      'a subpath',
      {
        'index.mjs': `import p from '${name}/deep/part.js'; export const handler = async () => p.value.slice(0, -5);`,
      },
    ],
  ];
}

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}

describe('the format of a module', () => {
  it.each([
    ['a build of CommonJS in a project of ES modules', 'module', BUILD, { 'index.js': COMMONJS }, 'function'],
    ['sources of CommonJS in such a project', 'module', 'src', { 'index.js': COMMONJS }, 'function'],
    [
      'a build of ES modules in a project of CommonJS',
      'commonjs',
      BUILD,
      { 'index.js': ES_MODULE, 'package.json': '{"type":"module"}' },
      'string',
    ],
    ['sources that are ES modules by their syntax', 'commonjs', 'src', { 'index.js': ES_MODULE }, 'string'],
    [
      'a module that requires and imports others of both kinds',
      'module',
      BUILD,
      {
        'index.js': `const { below } = require('./lib/below.js');
          exports.handler = async () => [below, (await import('./es.mjs')).both];`,
        'lib/below.js': 'exports.below = __filename.slice(-8);',
        'es.mjs':
          "import { below } from './lib/below.js'; import * as c from './other.cjs'; export const both = below + c.a;",
        'other.cjs': "exports.a = require('./lib/below.js').below;",
      },
      ['below.js', 'below.jsbelow.js'],
    ],
  ])('is right for %s', async (_, type, directory, files, answer) => {
    const { answers } = await runCode({
      files: { 'package.json': JSON.stringify({ type }), ...below(directory, files) },
      directory,
    });
    expect(answers).toEqual([answer]);
  });

  it('leaves the lines of stack traces and source maps as they are', async () => {
    const map = { version: 3, sources: ['app.ts'], names: [], mappings: 'AAAA;AASA' };
    const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
    const comment = `//# sourceMappingURL=data:application/json;base64,${encoded}`;
    const code = `exports.other = 1;\nexports.handler = async () => { throw new Error('here'); };\n${comment}`;
    const files = { 'package.json': '{"type":"module"}', [`${BUILD}/index.js`]: code };
    const plain = await runCode({ files, directory: BUILD });
    expect(plain.results[0]).toMatchObject({
      stackTrace: expect.arrayContaining([expect.stringContaining(`${BUILD}/index.js:2:`)]),
    });
    const mapped = await runCode({
      files,
      directory: BUILD,
      variables: { NODE_OPTIONS: '--enable-source-maps' },
    });
    expect(mapped.results[0]).toMatchObject({
      stackTrace: expect.arrayContaining([expect.stringContaining('app.ts:10:')]),
    });
  });

  it('says that a runtime before Node.js 24 does not detect ES modules, and refuses a build that needs it', async () => {
    const runtime = 'nodejs22.x';
    const sources = await runCode({ files: { 'index.js': ES_MODULE }, runtime });
    expect(sources.answers).toEqual(['string']);
    expect(sources.reported.lines).toEqual([
      expect.stringMatching(/index\.js is an ES module by its syntax alone, which nodejs22\.x/),
    ]);
    const built = { files: { [`${BUILD}/index.js`]: ES_MODULE }, directory: BUILD };
    expect((await runCode({ ...built, runtime })).answers).toEqual([
      expect.stringMatching(/^Runtime\.UserCodeSyntaxError/),
    ]);
    expect((await runCode({ ...built, runtime: 'nodejs24.x' })).answers).toEqual(['string']);
    const variables = { NODE_OPTIONS: '--experimental-detect-module' };
    expect((await runCode({ ...built, runtime, variables })).answers).toEqual(['string']);
  });

  it('lets only Node.js 24 and later require an ES module in a build', async () => {
    const files = below(BUILD, {
      'index.js': "const { a } = require('./a.mjs'); exports.handler = async () => a;",
      'a.mjs': 'export const a = 1;',
    });
    expect((await runCode({ files, directory: BUILD, runtime: 'nodejs24.x' })).answers).toEqual([1]);
    expect((await runCode({ files, directory: BUILD, runtime: 'nodejs22.x' })).answers).toEqual([
      expect.stringContaining('require() of ES Module'),
    ]);
  });
});

describe('dependencies', () => {
  it.each(imports('some-package'))('of a project are not those of a build (%s)', async (_, code) => {
    const files = { ...aPackage('', 'some-package', 'above'), ...below(BUILD, code) };
    const { answers } = await runCode({ files, directory: BUILD });
    expect(answers).toEqual([
      expect.stringMatching(
        /Cannot find package 'some-package': it is in .*\/node_modules\/some-package, but not in the build of the function.*own package\.json/,
      ),
    ]);
    const own = { ...files, ...aPackage(`${BUILD}/`, 'some-package', 'own') };
    expect((await runCode({ files: own, directory: BUILD })).answers).toEqual(['own']);
  });

  it.each(imports('some-package'))('of a project are those of its sources (%s)', async (_, code) => {
    const files = { ...aPackage('', 'some-package', 'above'), ...below('src', code) };
    expect((await runCode({ files, directory: 'src' })).answers).toEqual(['above']);
  });

  it.each(imports('@aws-sdk/client-test'))(
    'that Lambda brings may be those of the project (%s)',
    async (_, code) => {
      const files = { ...aPackage('', '@aws-sdk/client-test', 'above'), ...below(BUILD, code) };
      expect((await runCode({ files, directory: BUILD })).answers).toEqual(['above']);
    },
  );

  it.each([
    [
      'import',
      'index.mjs',
      "import { DynamoDBDocumentClient as C } from '@aws-sdk/lib-dynamodb'; import { DynamoDBClient as B } from '@aws-sdk/client-dynamodb'; export const handler = async () => typeof C.from(new B({}));",
    ],
    [
      'require',
      'index.cjs',
      "const { DynamoDBDocumentClient: C } = require('@aws-sdk/lib-dynamodb'); const { DynamoDBClient: B } = require('@aws-sdk/client-dynamodb'); exports.handler = async () => typeof C.from(new B({}));",
    ],
    [
      'util',
      'index.cjs',
      "exports.handler = async () => typeof require('@aws-sdk/util-dynamodb').unmarshall({});",
    ],
  ])('that stream functions need most come with Oncefold (%s)', async (_, file, text) => {
    const { answers } = await runCode({ files: { [`${BUILD}/${file}`]: text }, directory: BUILD });
    expect(answers).toEqual(['object']);
  });

  it.each(imports('@aws-sdk/client-test'))(
    'that Lambda brings are asked for when they are nowhere (%s)',
    async (_, code) => {
      const asked: string[] = [];
      const installed = aPackage('cache/', '@aws-sdk/client-test', 'installed');
      const { answers } = await runCode({
        files: { ...installed, ...below(BUILD, code) },
        directory: BUILD,
        pool: {
          providePackage: async (name) => {
            asked.push(name);
            throw new Error('cannot install it; connect to the registry');
          },
        },
      });
      expect(asked).toEqual(['@aws-sdk/client-test']);
      expect(answers).toEqual([expect.stringContaining('cannot install it; connect to the registry')]);
    },
  );

  it.each([
    ['nodejs22.x', 'aws-sdk'],
    ['nodejs16.x', '@aws-sdk/client-test'],
    ['nodejs22.x', '@aws-sdk/crc64-nvme-crt'],
    ['nodejs22.x', 'left-pad'],
  ])('that Lambda does not bring in %s are not asked for: %s', async (runtime, name) => {
    const asked: string[] = [];
    const { answers } = await runCode({
      files: { 'index.cjs': `require('${name}');` },
      runtime,
      pool: {
        providePackage: async (wanted) => {
          asked.push(wanted);
          return '';
        },
      },
    });
    expect(answers).toEqual([expect.stringContaining(`Cannot find module '${name}'`)]);
    expect(asked).toEqual([]);
  });
});
