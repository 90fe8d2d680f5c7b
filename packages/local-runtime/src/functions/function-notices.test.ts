import { describe, expect, it } from 'vitest';
import { functionNotices, layersNotice } from './function-notices.ts';

describe('functionNotices', () => {
  const environment = {};
  const endpoints = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' };

  it('names both versions of Node.js where they differ', () => {
    expect(
      functionNotices({ runtime: 'nodejs22.x', environment }, { nodeVersion: '24.21.0', endpoints }),
    ).toEqual(['functions of the runtime nodejs22.x run with Node.js 24.21.0 here']);
  });

  it('says nothing of the same version, or of another language', () => {
    expect(
      functionNotices({ runtime: 'nodejs22.x', environment }, { nodeVersion: '22.12.0', endpoints }),
    ).toEqual([]);
    expect(
      functionNotices({ runtime: 'python3.12', environment }, { nodeVersion: '22.12.0', endpoints }),
    ).toEqual([]);
  });

  it("names a template's own address of a service that is local", () => {
    const elsewhere = {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://elsewhere',
      AWS_ENDPOINT_URL_S3: 'http://elsewhere',
    };
    const here = { nodeVersion: '24.1.0', endpoints };
    expect(functionNotices({ runtime: 'nodejs24.x', environment: elsewhere }, here)).toEqual([
      "the template's AWS_ENDPOINT_URL_DYNAMODB is not used here, where the service is local; --env-vars can set it",
    ]);
    const empty = { AWS_ENDPOINT_URL_DYNAMODB: '' };
    expect(functionNotices({ runtime: 'nodejs24.x', environment: empty }, here)).toEqual([]);
  });

  it('names a wrapper script that is left out', () => {
    const wrapped = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' };
    expect(
      functionNotices({ runtime: 'nodejs24.x', environment: wrapped }, { nodeVersion: '24.1.0', endpoints }),
    ).toEqual([
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
