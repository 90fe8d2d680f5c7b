import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionResource } from '@oncefold/sam-template';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FUNCTION_DEFAULTS } from '../../test/lambda-defaults.ts';
import { chooseRuntimeClient } from './choose-runtime-client.ts';

let root = '';
let program = '';

function resource(changes: Partial<FunctionResource>): FunctionResource {
  return { ...FUNCTION_DEFAULTS, logicalId: 'Fn', functionName: 'fn', handler: 'index.handler', ...changes };
}

describe('chooseRuntimeClient', () => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'oncefold-')));
    const installed = join(root, 'node_modules', 'aws-lambda-ric');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{"name":"aws-lambda-ric","main":"index.mjs"}');
    program = join(installed, 'index.mjs');
    writeFileSync(program, '');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('runs Node.js 24 with the client of the project, with the modules of Lambda', () => {
    const command = chooseRuntimeClient('auto', root)(resource({ runtime: 'nodejs24.x' }), root) ?? [];
    expect(command.slice(-2)).toEqual([program, 'index.handler']);
    expect(command[command.indexOf('--import') + 1]).toMatch(/runtime-modules\.ts$/);
    expect(command).not.toContain('--no-experimental-detect-module');
  });

  it('leaves that client, which is of Node.js 24, to whoever wants it for earlier runtimes', () => {
    const earlier = resource({ runtime: 'nodejs22.x' });
    expect(chooseRuntimeClient('auto', root)(earlier, root)).toBeUndefined();
    const built = join(root, '.aws-sam', 'build', 'Fn');
    const command = chooseRuntimeClient('aws-lambda-ric', root)(earlier, built) ?? [];
    expect(command).toContain(program);
    expect(command).toContain('--no-experimental-detect-module');
  });
});
