import type { RuntimeEvent } from '@oncefold/local-runtime';
import { describe, expect, it } from 'vitest';
import { createDestinationLog } from './destination-log.ts';
import { createLogFollower } from './log-follower.ts';

const log = (functionId: string, line: string): RuntimeEvent => ({
  type: 'log',
  functionId,
  output: 'stdout',
  line,
  at: 0,
});

describe('createLogFollower', () => {
  it('puts each function in a column of one width', () => {
    const lines: string[] = [];
    const functions = () => ['Short', 'MuchLonger'];
    const follow = createLogFollower({ functions, colour: false, write: (line) => lines.push(line) });
    follow(log('Short', 'one\ttwo'));
    follow(log('MuchLonger', 'three'));
    follow({ type: 'function-reloaded', functionId: 'Short', at: 0 });
    expect(lines).toEqual([
      'Short      | one  two',
      'MuchLonger | three',
      'Short      | its code has changed: taken anew',
    ]);
  });

  it('gives each function a color of its own, and takes what the function wants to do to the terminal', () => {
    const lines: string[] = [];
    const functions = () => ['A', 'B'];
    const follow = createLogFollower({ functions, colour: true, write: (line) => lines.push(line) });
    follow(log('A', '\u001b[31mred\u001b[0m \u0007'));
    follow(log('B', 'plain'));
    expect(lines).toEqual(['\u001b[36mA |\u001b[39m red \\u{7}', '\u001b[35mB |\u001b[39m plain']);
  });
});

describe('createDestinationLog', () => {
  it('shows each document whole and counts them by destination', () => {
    const lines: string[] = [];
    const destinations = createDestinationLog((line) => lines.push(line));
    const document: RuntimeEvent = {
      type: 'destination-document',
      mappingId: 'Mapping',
      functionId: 'Function',
      destination: { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:1:q' },
      document: '{"a":1}',
      at: 0,
    };
    destinations.note(document);
    destinations.note(document);
    destinations.note({
      ...document,
      destination: { kind: 's3', arn: 'arn:aws:s3:::b' },
      objectKey: 'aws/lambda/x',
      document: `{"payload":"${'x'.repeat(5_000)}"}`,
    });
    destinations.note({
      ...document,
      destination: { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:1:sent' },
      queueUrl: 'http://127.0.0.1:1/1/sent',
    });
    destinations.note(log('Function', 'no document'));
    expect(lines[0]).toBe('Function gave up a batch; to the queue arn:aws:sqs:us-east-1:1:q: {"a":1}');
    expect(lines[2]).toMatch(
      /to the bucket arn:aws:s3:::b as aws\/lambda\/x: \{"payload":"x+… \(5,014 characters\)$/,
    );
    expect(destinations.counts()).toEqual([
      { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:1:q', documents: 2, isSent: false },
      { kind: 's3', arn: 'arn:aws:s3:::b', documents: 1, isSent: false },
      { kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:1:sent', documents: 1, isSent: true },
    ]);
  });
});
