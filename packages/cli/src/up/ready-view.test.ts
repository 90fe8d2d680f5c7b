import { describe, expect, it } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { type Ready, readyText } from './ready-view.ts';

const ready: Ready = {
  pipeline: {
    application: {
      streams: [],
      tables: [],
      queues: [],
      functions: [],
      mappings: [],
    } as unknown as Ready['pipeline']['application'],
    engines: {
      dynamodb: 'http://127.0.0.1:1',
      dynamodbStreams: 'http://127.0.0.1:2',
      kinesis: 'http://127.0.0.1:3',
      sqs: undefined,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
      started: [
        { name: 'dynoxide', version: '1.2.1' },
        { name: 'kinesalite', version: '3.3.3' },
      ],
    } as unknown as Ready['pipeline']['engines'],
    code: new Map(),
  },
  settings: {
    options: {
      parameterOverrides: {},
      engine: 'auto',
      runtimeClient: 'auto',
      functions: true,
      json: false,
    },
    config: undefined,
  },
  lambda: 'http://127.0.0.1:4',
  control: 'http://127.0.0.1:5',
  page: undefined,
};

describe('readyText', () => {
  it('has the variables of every tool, one a line: older ones read the region from one of them alone', () => {
    const exported = readyText(ready, createPalette(false)).match(/(?<=^ {2}export ).*$/gm);
    expect(exported).toEqual([
      'AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:1',
      'AWS_ENDPOINT_URL_DYNAMODB_STREAMS=http://127.0.0.1:2',
      'AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:3',
      'AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:4',
      'AWS_REGION=eu-west-1',
      'AWS_DEFAULT_REGION=eu-west-1',
      'AWS_ACCESS_KEY_ID=KEY',
      'AWS_SECRET_ACCESS_KEY=secret',
    ]);
  });

  it('names the engines that were started, because which one it is depends on the Java of the machine', () => {
    expect(readyText(ready, createPalette(false))).toContain(
      '\n  engines    dynoxide 1.2.1, kinesalite 3.3.3\n',
    );
    const elsewhere = { ...ready.pipeline, engines: { ...ready.pipeline.engines, started: [] } };
    expect(readyText({ ...ready, pipeline: elsewhere }, createPalette(false))).not.toContain('engines');
  });
});
