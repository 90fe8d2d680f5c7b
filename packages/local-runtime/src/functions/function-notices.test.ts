import { describe, expect, it } from 'vitest';
import { functionNotices, layersNotice } from './function-notices.ts';

describe('functionNotices', () => {
  const environment = {};

  it('names both versions of Node.js where they differ', () => {
    expect(functionNotices({ runtime: 'nodejs22.x', environment }, '24.21.0')).toEqual([
      'functions of the runtime nodejs22.x run with Node.js 24.21.0 here',
    ]);
  });

  it('says nothing of the same version, or of another language', () => {
    expect(functionNotices({ runtime: 'nodejs22.x', environment }, '22.12.0')).toEqual([]);
    expect(functionNotices({ runtime: 'python3.12', environment }, '22.12.0')).toEqual([]);
  });

  it('names a wrapper script that is left out', () => {
    const wrapped = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' };
    expect(functionNotices({ runtime: 'nodejs24.x', environment: wrapped }, '24.1.0')).toEqual([
      'AWS_LAMBDA_EXEC_WRAPPER (/opt/otel-handler) is not run here: the function starts without it',
    ]);
  });
});

describe('layersNotice', () => {
  it('names the folder, and variables that name /opt', () => {
    const environment = { CONFIG: '/opt/config.json', NODE_OPTIONS: '--import /opt/x.mjs', OTHER: 'opt/in' };
    expect(layersNotice('/merged-layers', { environment })).toBe(
      'its layers are in /merged-layers; code that names /opt itself does not find them, and neither do these variables: CONFIG',
    );
    expect(layersNotice('/merged-layers', { environment: {} })).toMatch(/does not find them$/);
  });
});
