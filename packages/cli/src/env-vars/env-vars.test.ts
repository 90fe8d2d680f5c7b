import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseVariables } from './choose-variables.ts';
import { readEnvVars } from './read-env-vars.ts';

const resource: FunctionResource = {
  logicalId: 'KeepOrders',
  functionName: 'keep-orders',
  handler: 'index.handler',
  codeUri: 'src',
  layers: [],
  runtime: 'nodejs24.x',
  timeoutSeconds: 3,
  memorySize: 128,
  environment: { STAGE: 'prod', TABLE: 'Orders', RETRIES: '3' },
};
const other: FunctionResource = {
  ...resource,
  logicalId: 'Nested/Pack',
  functionName: 'pack',
  environment: { STAGE: 'prod' },
};
let folder = '';
let file = '';

function choose(content: unknown) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const chosen = chooseVariables(readEnvVars(file), [resource, other]);
  return { own: chosen.of(resource), other: chosen.of(other), warnings: chosen.warnings };
}

describe('--env-vars', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oncefold-'));
    file = join(folder, 'env.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['is not there', undefined, 'could not read the variables of --env-vars $file: there is no such file'],
    ['is no JSON', 'no JSON', 'could not read the variables of --env-vars $file: '],
    ['has another form', '[]', '$file must have the form '],
  ])('names the full path of a file that %s', (_, content, message) => {
    if (content !== undefined) {
      writeFileSync(file, content);
    }
    expect(() => readEnvVars(relative(process.cwd(), file))).toThrow(message.replace('$file', file));
  });

  it('sets what is for all functions, and over it what is for one, by logical id or by name', () => {
    expect(
      choose({
        Parameters: { STAGE: 'local' },
        KeepOrders: { TABLE: 'Other', RETRIES: 0 },
        pack: { STAGE: true },
      }),
    ).toEqual({
      own: { STAGE: 'local', TABLE: 'Other', RETRIES: '0' },
      other: { STAGE: 'true' },
      warnings: [],
    });
  });

  it('sets the endpoint of a service although no template declares it', () => {
    const { own, other, warnings } = choose({
      Parameters: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' },
      'Nested/Pack': { AWS_ENDPOINT_URL: 'http://127.0.0.1:9001' },
    });
    expect(own).toEqual({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' });
    expect(other).toEqual({
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9001',
    });
    expect(warnings).toEqual([]);
  });

  it('names what it does not set', () => {
    const { own, warnings } = choose({
      Parameters: { STAGE: null, NOWHERE: '1' },
      KeepOrders: { UNDECLARED: 'x' },
      Missing: { STAGE: 'x' },
    });
    expect(own).toEqual({ STAGE: '' });
    expect(warnings).toEqual([
      `${file} sets UNDECLARED of KeepOrders, which the template does not declare: it is not set`,
      `${file} sets variables of Missing, which is not a function that runs here`,
      `${file} sets NOWHERE of all functions, and the template declares it for none: it is not set`,
    ]);
  });

  it.each(['{"KeepOrders": "x"}', '[]', '{"KeepOrders"', '"text"'])('refuses %s by file', (content) => {
    expect(() => choose(content)).toThrow(file);
  });
});
