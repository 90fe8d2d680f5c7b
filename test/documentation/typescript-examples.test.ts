// Goal: what a reader copies from a document compiles, and does what the document says.
// Method: every block of TypeScript in every document and every @example is a file of a project that finds our packages
// by name. All are compiled strictly, in one run of the compiler. Those that are given nothing from outside (they declare
// nothing) and are no tests are run, and every `// => value` is compared.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, type CodeBlock, documentBlocks, exampleBlocks, root } from './code-blocks.ts';
import { createExampleProject, type ExampleProject } from './example-project.ts';
import { checkExpectedValues } from './expected-values.ts';

/** What the tests themselves must notice. */
const SAMPLE = `
<!-- ts-context
declare const amount: number;
-->
\`\`\`ts
const text: string = amount;
\`\`\`

1. A list:

   \`\`\`ts
   const half = 1 / 2; // => 0.5
   [half].map(String);
   // => ['0.25']
   \`\`\`
`;
const [wrongType, wrongValue] = blocksOf('sample.md', SAMPLE) as [CodeBlock, CodeBlock];

const inDocuments = documentBlocks().filter((block) => block.language === 'ts');
const inComments = exampleBlocks().filter((block) => block.language === 'ts');
const blocks = [...inDocuments, ...inComments];
const runnable = blocks.filter(
  ({ text }) =>
    !/^\s*(?:export )?declare /m.test(text) && !/from '(?:vitest|@oncefold\/commit\/contract)'/.test(text),
);

let project: ExampleProject;
let messages: ReadonlyMap<CodeBlock | undefined, readonly string[]>;

beforeAll(async () => {
  project = await createExampleProject();
  messages = await project.compile([...blocks, wrongType, wrongValue]);
});

afterAll(() => project?.remove());

const named = (list: readonly CodeBlock[]): [string, CodeBlock][] =>
  list.map((block) => [`${block.file}:${block.line}`, block]);

describe('examples', () => {
  it('are found in documents and in doc comments, and some of them run and say what comes out', () => {
    const checks = runnable.reduce((sum, block) => sum + checkExpectedValues(block.text).checks, 0);
    expect(inDocuments.length).toBeGreaterThan(5);
    expect(inComments.length).toBeGreaterThan(2);
    expect(runnable.length).toBeGreaterThan(2);
    expect(checks).toBeGreaterThan(3);
  });

  it('are written as code blocks wherever a doc comment has one', () => {
    const announced = globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (/^\s*\* @example/.test(line) ? [`${file}:${index + 2}`] : [])),
    );
    expect(announced.sort()).toEqual(
      named(inComments)
        .map(([name]) => name)
        .sort(),
    );
  });

  it('leave no message of the compiler that belongs to none of them', () => {
    expect(messages.get(undefined)).toBeUndefined();
  });

  it.each(named(blocks))('compile: %s', (_, block) => {
    expect(messages.get(block) ?? []).toEqual([]);
  });

  it.each(named(runnable))('run: %s', async (_, block) => {
    expect(await project.run(block, checkExpectedValues(block.text).code)).toBeUndefined();
  });
});

describe('the project of examples', () => {
  it('names file and line of what does not compile', () => {
    expect(messages.get(wrongType)).toEqual([
      "sample.md:6: error TS2322: Type 'number' is not assignable to type 'string'.",
    ]);
    expect(messages.get(wrongValue)).toBeUndefined();
  });

  it('names file and line of a value that is not what the example says', async () => {
    const { code, checks } = checkExpectedValues(wrongValue.text);
    expect(checks).toBe(2);
    const message = await project.run(wrongValue, code);
    expect(message).toContain('sample.md:14:');
    expect(message).toContain('0.25');
  });
});
