import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRuntimeInterfaceClient } from './runtime-interface-client.ts';

let root = '';
let program = '';

describe('findRuntimeInterfaceClient', () => {
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'oncefold-')));
    const installed = join(root, 'with', 'node_modules', 'aws-lambda-ric');
    mkdirSync(installed, { recursive: true });
    mkdirSync(join(root, 'without'));
    writeFileSync(join(installed, 'package.json'), '{"name":"aws-lambda-ric","main":"index.mjs"}');
    program = join(installed, 'index.mjs');
    writeFileSync(program, '');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('finds the client as a module of the folder, or of one above it, would', () => {
    const below = join(root, 'with', 'services', 'one');
    expect(findRuntimeInterfaceClient('auto', [join(root, 'without'), below])).toBe(program);
    expect(findRuntimeInterfaceClient('aws-lambda-ric', [join(root, 'with')])).toBe(program);
  });

  it('leaves the built-in client where the other is not wanted or not there', () => {
    expect(findRuntimeInterfaceClient('built-in', [join(root, 'with')])).toBeUndefined();
    expect(findRuntimeInterfaceClient('auto', [join(root, 'without')])).toBeUndefined();
  });

  it('refuses to go on without the client that was asked for by name', () => {
    const directory = join(root, 'without');
    expect(() => findRuntimeInterfaceClient('aws-lambda-ric', [directory])).toThrow(
      `aws-lambda-ric is not installed where ${directory} could load it`,
    );
  });
});
