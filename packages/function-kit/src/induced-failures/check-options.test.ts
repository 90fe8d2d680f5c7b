import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type InducedFailuresOptions, inducedFailures } from './induced-failures.ts';

const options = {
  parameter: 'FAILURE_MAP_LAMBDA_PCT',
  table: 'ParameterTable',
  client: new DynamoDBClient({ region: 'us-east-1' }),
};
const create = (changes: object) => inducedFailures({ ...options, ...changes } as InducedFailuresOptions);

describe('inducedFailures', () => {
  it('runs before the handler, and nowhere else', () => {
    expect(Object.keys(create({}))).toEqual(['before']);
  });

  it.each([
    ['parameter', ''],
    ['when', 'after'],
    ['table', undefined],
    ['client', {}],
    ['client', undefined],
    ['seed', 1.5],
    ['now', 1],
    ['cache_ms', -1],
    ['cache_ms', 60_001],
    ['percent', 5],
  ])('refuses the option %s as %s', (name, value) => {
    expect(() => create({ [name]: value })).toThrow(new RegExp(`"${name}"`));
  });
});
