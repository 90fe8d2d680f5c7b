import { describe, expect, it } from 'vitest';
import { isLambdaPackage, nodeMajorOf, packageNameOf } from './lambda-packages.ts';

describe('packageNameOf', () => {
  it.each([
    ['left-pad', 'left-pad'],
    ['left-pad/lib/index.js', 'left-pad'],
    ['@aws-sdk/client-s3', '@aws-sdk/client-s3'],
    ['@aws-sdk/client-s3/dist-es/index.js', '@aws-sdk/client-s3'],
  ])('reads the package of %s', (specifier, name) => {
    expect(packageNameOf(specifier)).toBe(name);
  });

  it.each([
    './own.js',
    '../own.js',
    '/abs/own.js',
    '#internal',
    'node:fs',
    'file:///own.js',
    'data:text/javascript,1',
    '@scope',
  ])('reads none of %s', (specifier) => {
    expect(packageNameOf(specifier)).toBeUndefined();
  });
});

describe('isLambdaPackage', () => {
  it('knows version 3 of the SDK from Node.js 18 on, and version 2 before', () => {
    expect(isLambdaPackage('@aws-sdk/lib-dynamodb', 18)).toBe(true);
    expect(isLambdaPackage('@smithy/node-http-handler', 24)).toBe(true);
    expect(isLambdaPackage('aws-sdk', 18)).toBe(false);
    expect(isLambdaPackage('aws-sdk', 16)).toBe(true);
    expect(isLambdaPackage('@aws-sdk/lib-dynamodb', 16)).toBe(false);
  });

  it.each(['@aws-lambda-powertools/logger', '@aws-sdk/signature-v4-crt', '@aws-sdk/../evil', 'left-pad'])(
    'does not know %s',
    (name) => {
      expect(isLambdaPackage(name, 24)).toBe(false);
    },
  );
});

describe('nodeMajorOf', () => {
  it('reads the runtime and the execution environment, and takes anything else for the newest', () => {
    expect(nodeMajorOf('nodejs22.x')).toBe(22);
    expect(nodeMajorOf('AWS_Lambda_nodejs20.x')).toBe(20);
    expect(nodeMajorOf('')).toBe(24);
  });
});
