import {
  type CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';
import { describeFailure } from '../command-line/describe-failure.ts';

/** A deployed stack of `template.yaml`, as commands need to know it. What the stack does not have is absent. */
export interface DeployedStack {
  readonly name: string;
  /** ARN of the stream's source table and others begin with it: `arn:aws:dynamodb:<region>:<account>`. */
  readonly stackId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tables: {
    readonly state: string | undefined;
    readonly reduce: string | undefined;
    readonly aggregate: string | undefined;
    readonly accounting: string | undefined;
    readonly quarantine: string | undefined;
    readonly ledger: string | undefined;
    readonly position: string | undefined;
    readonly parameter: string | undefined;
    readonly recount: string | undefined;
  };
  readonly stream: string | undefined;
  readonly failedBatchBucket: string | undefined;
  readonly functions: {
    readonly state: string | undefined;
    readonly map: string | undefined;
    readonly reduce: string | undefined;
    readonly comparison: string | undefined;
  };
  readonly strategies: { readonly map: string | undefined; readonly reduce: string | undefined };
  readonly namespace: string | undefined;
  readonly retentionSeconds: number | undefined;
  readonly hierarchyDimensions: readonly string[] | undefined;
  /** Those by which trades are summed whose items record none. */
  readonly unrecordedHierarchyDimensions: readonly string[] | undefined;
}

/** Pages of resources that are read at most; a stack has at most 500 resources, a page 100. */
const PAGES_MAX = 20;

/**
 * Reads names and parameters of a deployed stack from CloudFormation: tables, stream, bucket and functions by their logical ids.
 *
 * It needs `cloudformation:DescribeStacks` and `cloudformation:ListStackResources` on the stack.
 *
 * @param client - the region is the client's
 * @throws {@link CouldNotRunError} with one line when there is no such stack, it is none of this template, or CloudFormation
 * cannot be asked
 */
export async function readStack(
  client: Pick<CloudFormationClient, 'send' | 'config'>,
  name: string,
  {
    signal,
    endpoint,
  }: { readonly signal?: AbortSignal | undefined; readonly endpoint?: string | undefined } = {},
): Promise<DeployedStack> {
  const send = { ...(signal !== undefined && { abortSignal: signal }) };
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }), send);
    const [stack] = Stacks;
    if (stack === undefined) {
      throw await noSuchStack(client, name);
    }
    assertUsable(stack, name);
    const ids = new Map<string, string>();
    let NextToken: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await client.send(new ListStackResourcesCommand({ StackName: name, NextToken }), send);
      for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus } of answer.StackResourceSummaries ??
        []) {
        if (LogicalResourceId && PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE') {
          ids.set(LogicalResourceId, PhysicalResourceId);
        }
      }
      NextToken = answer.NextToken;
      if (NextToken === undefined) {
        break;
      }
    }
    return describe(name, stack, ids);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      throw await noSuchStack(client, name, error);
    }
    throw describeFailure(error, { what: `read the stack ${name}`, endpoint, service: 'CloudFormation' });
  }
}

async function noSuchStack(
  client: Pick<CloudFormationClient, 'send' | 'config'>,
  name: string,
  cause?: unknown,
): Promise<CouldNotRunError> {
  const region = await client.config.region();
  return new CouldNotRunError(
    `there is no stack ${name} in ${region}; name another region with --region or AWS_REGION if it is elsewhere`,
    { cause },
  );
}

/** Statuses in which parameters are what the functions run with; a cleanup only deletes what is replaced already. */
const SETTLED = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/;

function assertUsable({ StackStatus }: Stack, name: string): void {
  const status = StackStatus ?? '';
  if (/^(DELETE_|REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|CREATE_FAILED)/.test(status)) {
    throw new CouldNotRunError(`the stack ${name} has the status ${status}: there is no pipeline to work on`);
  }
  if (!SETTLED.test(status)) {
    throw new CouldNotRunError(
      `the stack ${name} has the status ${status}, and does not say what its functions have meanwhile: let the deployment end, and repair it if it fails; ` +
        'then run the command again',
    );
  }
}

function describe(name: string, stack: Stack, ids: ReadonlyMap<string, string>): DeployedStack {
  const parameters = Object.fromEntries(
    (stack.Parameters ?? []).flatMap(({ ParameterKey, ParameterValue = '', ResolvedValue }) =>
      ParameterKey === undefined ? [] : [[ParameterKey, ResolvedValue ?? ParameterValue]],
    ),
  );
  if (!(ids.has('StateTable') && ids.has('AggregateTable'))) {
    throw new CouldNotRunError(
      `the stack ${name} has no StateTable and no AggregateTable: it is none of this template`,
    );
  }
  const text = (key: string): string | undefined => parameters[key] || undefined;
  const retention = Number(parameters['LedgerRetentionSeconds']);
  const dimensions = text('HierarchyDimensions')?.split(',');
  return {
    name,
    stackId: stack.StackId ?? name,
    parameters,
    tables: {
      state: ids.get('StateTable'),
      reduce: ids.get('ReduceTable'),
      aggregate: ids.get('AggregateTable'),
      accounting: ids.get('AccountingTable'),
      quarantine: ids.get('QuarantineTable'),
      ledger: ids.get('LedgerTable'),
      position: ids.get('PositionTable'),
      parameter: ids.get('ParameterTable'),
      recount: ids.get('RecountTable'),
    },
    stream: ids.get('IncomingDataStream'),
    failedBatchBucket: ids.get('FailedBatchBucket'),
    functions: {
      state: ids.get('StateFunction'),
      map: ids.get('MapFunction'),
      reduce: ids.get('ReduceFunction'),
      comparison: ids.get('ComparisonFunction'),
    },
    strategies: { map: text('MapStrategy'), reduce: text('ReduceStrategy') },
    namespace: text('Namespace'),
    retentionSeconds: Number.isSafeInteger(retention) && retention > 0 ? retention : undefined,
    hierarchyDimensions: dimensions,
    unrecordedHierarchyDimensions: text('UnrecordedHierarchyDimensions')?.split(',') ?? dimensions,
  };
}
