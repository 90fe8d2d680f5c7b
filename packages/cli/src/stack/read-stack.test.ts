import { type CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { readStack } from './read-stack.ts';

/** As an emulator of CloudFormation answered for a stack of some of the template's resources, on two pages. */
const stack = {
  StackName: 'prices',
  StackStatus: 'CREATE_COMPLETE',
  StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/prices/bddf98f8-776e-4286-adcc-4460e630dc98',
  Parameters: [
    { ParameterKey: 'MapStrategy', ParameterValue: 'checkpoint' },
    { ParameterKey: 'ReduceStrategy', ParameterValue: 'ledger' },
    { ParameterKey: 'Namespace', ParameterValue: 'risk' },
    { ParameterKey: 'LedgerRetentionSeconds', ParameterValue: '691200' },
    { ParameterKey: 'HierarchyDimensions', ParameterValue: 'RiskType,TradeDesk,Region' },
    { ParameterKey: 'UnrecordedHierarchyDimensions', ParameterValue: '' },
  ],
};
const created = { ResourceStatus: 'CREATE_COMPLETE' } as const;
const pages: Readonly<Record<string, object>> = {
  first: {
    NextToken: 'second',
    StackResourceSummaries: [
      { ...created, LogicalResourceId: 'AggregateTable', PhysicalResourceId: 'sums-of-risk' },
      {
        ...created,
        LogicalResourceId: 'FailedBatchBucket',
        PhysicalResourceId: 'prices-failedbatchbucket-5031be82c7377',
      },
      { LogicalResourceId: 'LedgerTable', PhysicalResourceId: 'gone', ResourceStatus: 'DELETE_COMPLETE' },
    ],
  },
  second: {
    StackResourceSummaries: [
      {
        ...created,
        LogicalResourceId: 'IncomingDataStream',
        PhysicalResourceId: 'prices-incomingdatastream-f6e081014d4a4',
      },
      {
        ...created,
        LogicalResourceId: 'QuarantineTable',
        PhysicalResourceId: 'prices-QuarantineTable-7AD74CD342DE5',
      },
      { ...created, LogicalResourceId: 'StateTable', PhysicalResourceId: 'prices-StateTable-468B7973BF59F' },
    ],
  },
};

function answering(answers: { readonly stack?: object; readonly error?: Error; readonly first?: string }) {
  return {
    config: { region: async () => 'us-east-1' },
    send: async (command: object) => {
      if (answers.error !== undefined) {
        throw answers.error;
      }
      return command instanceof ListStackResourcesCommand
        ? pages[command.input.NextToken ?? answers.first ?? 'first']
        : { Stacks: [answers.stack ?? stack] };
    },
  } as unknown as CloudFormationClient;
}

describe('readStack', () => {
  it('finds tables, stream, bucket and parameters of a deployed stack', async () => {
    expect(await readStack(answering({}), 'prices')).toMatchObject({
      tables: {
        state: 'prices-StateTable-468B7973BF59F',
        aggregate: 'sums-of-risk',
        quarantine: 'prices-QuarantineTable-7AD74CD342DE5',
        ledger: undefined,
      },
      stream: 'prices-incomingdatastream-f6e081014d4a4',
      failedBatchBucket: 'prices-failedbatchbucket-5031be82c7377',
      strategies: { map: 'checkpoint', reduce: 'ledger' },
      namespace: 'risk',
      retentionSeconds: 691_200,
      hierarchyDimensions: ['RiskType', 'TradeDesk', 'Region'],
      unrecordedHierarchyDimensions: ['RiskType', 'TradeDesk', 'Region'],
    });
  });

  it('says in one line that there is no such stack, and where it looked', async () => {
    const error = Object.assign(new Error('Stack with id nothing does not exist'), {
      name: 'ValidationError',
    });
    await expect(readStack(answering({ error }), 'nothing')).rejects.toThrow(
      'there is no stack nothing in us-east-1',
    );
  });

  it.each([
    [
      'credentials',
      Object.assign(new Error('x'), { name: 'CredentialsProviderError' }),
      'no AWS credentials found',
    ],
    ['a region', new Error('Region is missing'), 'no region'],
    [
      'permission',
      new Error('User: x is not authorized to perform: cloudformation:DescribeStacks'),
      'not authorized',
    ],
  ])('says in one line that it lacks %s', async (_, error, line) => {
    await expect(readStack(answering({ error }), 'prices')).rejects.toMatchObject({
      code: 'could-not-run',
      message: expect.stringContaining(line),
    });
  });

  it('refuses a stack of another template, and one that was never created', async () => {
    await expect(readStack(answering({ first: 'second' }), 'prices')).rejects.toThrow(
      'none of this template',
    );
    const failed = answering({ stack: { ...stack, StackStatus: 'ROLLBACK_COMPLETE' } });
    await expect(readStack(failed, 'prices')).rejects.toThrow('ROLLBACK_COMPLETE');
  });

  it.each([
    'CREATE_IN_PROGRESS',
    'UPDATE_IN_PROGRESS',
    'UPDATE_FAILED',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_FAILED',
    'IMPORT_IN_PROGRESS',
  ])(
    'refuses a stack with the status %s: its parameters may not be those of its functions',
    async (StackStatus) => {
      const changing = answering({ stack: { ...stack, StackStatus } });
      await expect(readStack(changing, 'prices')).rejects.toThrow(
        `has the status ${StackStatus}, and does not say what its functions have`,
      );
    },
  );

  it.each([
    'UPDATE_COMPLETE',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE',
    'IMPORT_COMPLETE',
  ])('takes a stack with the status %s', async (StackStatus) => {
    const { namespace } = await readStack(answering({ stack: { ...stack, StackStatus } }), 'prices');
    expect(namespace).toBe('risk');
  });
});
