import { afterEach, describe, expect, it } from 'vitest';
import { startApplication } from './start-application.ts';
import { startDynamoDb } from './start-dynamodb.ts';

const { versions } = process;
const pretend = (node: string) =>
  Object.defineProperty(process, 'versions', { value: { ...versions, node }, configurable: true });

describe('a test on a Node.js that is too old', () => {
  afterEach(() => Object.defineProperty(process, 'versions', { value: versions, configurable: true }));

  it.each([
    ['application', () => startApplication('no-such-template.yaml')],
    ['DynamoDB', startDynamoDb],
  ])('gets no %s, but an error at once that names the version to use', async (_, start) => {
    pretend('20.20.2');
    await expect(start()).rejects.toMatchObject({
      name: 'StartError',
      code: 'node-too-old',
      message: expect.stringContaining('Node.js 22.12 or later is needed, this is 20.20.2'),
    });
  });
});
