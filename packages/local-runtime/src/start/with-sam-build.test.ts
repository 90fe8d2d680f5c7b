import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readTemplate } from '@oncefold/sam-template';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSamBuild } from './with-sam-build.ts';

let root = '';

function write(path: string, text = ''): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const functionOf = (handler: string, codeUri: string): string => `
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: ${handler}, CodeUri: ${codeUri} }`;

const nestedIn = (location: string): string => `
    Type: AWS::Serverless::Application
    Properties: { Location: ${location} }`;

const templateOf = (resources: Readonly<Record<string, string>>): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:${Object.entries(resources)
    .map(([id, text]) => `\n  ${id}:${text}`)
    .join('')}\n`;

/** What the functions are, by logical id. */
async function read(file: string): Promise<Readonly<Record<string, readonly [string, string]>>> {
  const readFile = (path: string) => readTemplate({ file: path });
  const { functions } = await withSamBuild(await readFile(file), { file, read: readFile });
  return Object.fromEntries(
    functions.map(({ logicalId, handler, codeUri }) => [logicalId, [handler, codeUri] as const]),
  );
}

describe('withSamBuild', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'oncefold-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('leaves an application as it is that has not been built', async () => {
    const file = write('template.yaml', templateOf({ One: functionOf('src/one.handler', '.') }));
    expect(await read(file)).toEqual({ One: ['src/one.handler', '.'] });
  });

  it('takes handler and folder from the build, of nested applications too', async () => {
    const file = write(
      'template.yaml',
      templateOf({
        One: functionOf('src/one.handler', '.'),
        Two: functionOf('src/two.handler', '.'),
        Added: functionOf('src/added.handler', '.'),
        Gone: functionOf('src/gone.handler', '.'),
        Nested: nestedIn('nested/template.yaml'),
      }),
    );
    write('nested/template.yaml', templateOf({ Inner: functionOf('src/inner.handler', '.') }));
    write(
      '.aws-sam/build/template.yaml',
      templateOf({
        One: functionOf('one.handler', 'One'),
        // The same sources are built once.
        Two: functionOf('two.handler', 'One'),
        Gone: functionOf('gone.handler', 'Gone'),
        Nested: nestedIn('Nested/template.yaml'),
      }),
    );
    write('.aws-sam/build/Nested/template.yaml', templateOf({ Inner: functionOf('inner.handler', 'Inner') }));
    write('.aws-sam/build/One/one.js');
    write('.aws-sam/build/Nested/Inner/inner.js');
    expect(await read(file)).toEqual({
      One: ['one.handler', '.aws-sam/build/One'],
      Two: ['two.handler', '.aws-sam/build/One'],
      Added: ['src/added.handler', '.'],
      Gone: ['src/gone.handler', '.'],
      'Nested/Inner': ['inner.handler', '.aws-sam/build/Nested/Inner'],
    });
  });

  it('takes a built template that is named itself', async () => {
    const file = write('.aws-sam/build/template.yaml', templateOf({ One: functionOf('one.handler', 'One') }));
    expect(await read(file)).toEqual({ One: ['one.handler', 'One'] });
  });

  it('refuses a build that cannot be read', async () => {
    const file = write('template.yaml', templateOf({ One: functionOf('src/one.handler', '.') }));
    write('.aws-sam/build/template.yaml', 'Resources: [');
    await expect(read(file)).rejects.toMatchObject({
      code: 'function-not-built',
      message: expect.stringMatching(
        /^the build in .*\.aws-sam is not one of this template \(.*\); run `sam build` again/s,
      ),
    });
  });
});
