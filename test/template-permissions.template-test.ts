// Goal: each function may do exactly what it does with any strategy that the template offers. With any, not with the present one:
// a version that was published before a change of parameters runs on beside the new one, or is gone back to, with the same role.
// Method: the built functions run against a real DynamoDB behind a proxy that writes down what IAM would be asked. What
// Lambda itself needs follows from the settings of function and mapping. Both together must equal the role, to the
// letter. That the recordings miss no way through the code is held against what is in the bundle. Last, the template is
// spoilt one permission at a time, and every time this very comparison must find it.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { useDynamoDb, useKinesis } from '@oncefold/engines/vitest';
import { deploy } from '@oncefold/local-runtime';
import { type Application, type FunctionResource, readTemplate } from '@oncefold/sam-template';
import { beforeAll, describe, expect, it } from 'vitest';
import { callableRequests } from './template/callable-requests.ts';
import { grantedPermissions } from './template/granted-permissions.ts';
import { type Recording, recordPermissions, tools } from './template/needed-permissions.ts';
import { comparePermissions, type Permission } from './template/permission.ts';
import { platformPermissions } from './template/platform-permissions.ts';
import {
  type Documents,
  labNames,
  type Overrides,
  place,
  readProjectDocuments,
  root,
  templateFile,
} from './template/project-template.ts';
import { everyAlarm, VERSION, watchedMetrics } from './template/watched-metrics.ts';

const dynamodb = useDynamoDb();
const kinesis = useKinesis();
const documents = await readProjectDocuments();

/**
 * Metrics of AWS, by namespace, dimensions and name.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, where those of mappings need EventCount
 * @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const metricsOfAws: readonly RegExp[] = [
  /^AWS\/Lambda FunctionName=\w+ (IteratorAge|Errors|Throttles|Duration)$/,
  /^AWS\/Lambda FunctionName=(\w+) Resource=\1:live ExecutedVersion=\d+ Errors$/,
  /^AWS\/Lambda EventSourceMappingUUID=\w+ (FailedInvoke|Dropped|OnFailureDestinationDelivered)EventCount$/,
  /^AWS\/Kinesis StreamName=\w+ (IncomingRecords|(Write|Read)ProvisionedThroughputExceeded)$/,
  /^AWS\/S3 BucketName=\w+ StorageType=AllStorageTypes NumberOfObjects$/,
  /^AWS\/DynamoDB TableName=\w+ (ConsumedWriteCapacityUnits|WriteThrottleEvents)$/,
];

/** Every strategy in every stage that can have one, and every switch that changes a role. */
const settings: readonly Overrides[] = [
  {},
  ...['none', 'request-token', 'powertools', 'ledger', 'checkpoint'].map((strategy) => ({
    MapStrategy: strategy,
    ReduceStrategy: strategy,
    ComparisonStrategy: strategy,
  })),
  {
    InducedFailures: 'true',
    ComparisonStrategy: 'none',
    WithWorkshop: 'true',
    Tracing: 'Active',
    KmsKeyArn: `arn:aws:kms:${place.region}:${place.accountId}:key/example`,
  },
  // A stack that is new respects no guards of release 0.1.0.
  { FormerKeys: 'false', MapStrategy: 'ledger', ReduceStrategy: 'checkpoint', ComparisonStrategy: 'ledger' },
  {
    FormerKeys: 'false',
    MapStrategy: 'checkpoint',
    ReduceStrategy: 'ledger',
    ComparisonStrategy: 'checkpoint',
  },
  // The workshop induces failures without being asked to.
  { WithWorkshop: 'true' },
  // Functions whose new versions are watched publish metrics of their version.
  everyAlarm,
];

interface Case {
  readonly overrides: Overrides;
  readonly application: Application;
  /** By logical id of the function. */
  readonly recordings: ReadonlyMap<string, Recording>;
  /** By logical id of the function, once all cases have been recorded. */
  readonly needed: Map<string, ReadonlySet<Permission>>;
}

let cases: readonly Case[] = [];

beforeAll(async () => {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  await promisify(execFile)(
    turbo,
    ['run', 'build', '--filter=./services/*', '--output-logs=errors-only', '--no-daemon'],
    { cwd: root, env: tools, timeout: 120_000 },
  );
  const read = (parameterOverrides: Overrides): Promise<Application> =>
    readTemplate({
      file: templateFile,
      parameterOverrides: { ...labNames, ...parameterOverrides },
      ...place,
    });
  // The functions whose permissions are recorded use no queue.
  const described = await read({ ComparisonStrategy: 'none', WithWorkshop: 'true' });
  const clients = { dynamodb: dynamodb.client, kinesis: kinesis.client };
  await deploy({ ...described, queues: [] }, clients);
  const found: Case[] = [];
  for (const overrides of settings) {
    const application = await read(overrides);
    const record = async (resource: FunctionResource): Promise<readonly [string, Recording]> => [
      resource.logicalId,
      await recordPermissions(resource, application, { dynamodb, kinesis }),
    ];
    // The scoreboard judges what the generator has played.
    const isLast = ({ logicalId }: FunctionResource): boolean => logicalId === 'Workshop/ScoreboardFunction';
    const recordings = await Promise.all(application.functions.filter((one) => !isLast(one)).map(record));
    for (const resource of application.functions.filter(isLast)) {
      recordings.push(await record(resource));
    }
    found.push({ overrides, application, recordings: new Map(recordings), needed: new Map() });
  }
  cases = found;
  for (const { overrides, recordings, needed } of cases) {
    for (const logicalId of recordings.keys()) {
      needed.set(logicalId, neededWithAny(logicalId, overrides));
    }
  }
}, 300_000);

/** What a function needs with one setting or another; of keys, with those of `overrides` only. */
function neededWithAny(logicalId: string, { KmsKeyArn }: Overrides): ReadonlySet<Permission> {
  const having = cases.filter(({ recordings }) => recordings.has(logicalId));
  return new Set(
    having.flatMap(({ recordings, application, overrides: { KmsKeyArn: _, ...others } }) => {
      const overrides = { ...others, ...(KmsKeyArn !== undefined && { KmsKeyArn }) };
      return [
        ...(recordings.get(logicalId)?.permissions ?? []),
        ...platformPermissions(logicalId, { application, documents, overrides }),
      ];
    }),
  );
}

/** Everything that is missing in or too much of the roles of a template, setting by setting. */
function* findings(spoilt: Documents): Generator<string> {
  for (const { overrides, recordings, needed } of cases) {
    const granted = grantedPermissions(spoilt, overrides);
    expect([...granted.keys()].sort()).toEqual([...recordings.keys()].sort());
    for (const [logicalId, permissions] of needed) {
      for (const finding of comparePermissions(permissions, granted.get(logicalId) ?? new Set())) {
        yield `${logicalId} ${JSON.stringify(overrides)} ${finding}`;
      }
    }
  }
}

/** The first finding that holds `text`, or none: what one setting shows need not be looked for in the others. */
function findingWith(text: string, spoilt: Documents): string | undefined {
  for (const finding of findings(spoilt)) {
    if (finding.includes(text)) {
      return finding;
    }
  }
  return undefined;
}

describe('the roles of the functions', () => {
  it('allow exactly what the functions and their mappings do', () => {
    expect(cases).toHaveLength(settings.length);
    expect([...findings(documents)]).toEqual([]);
  });

  it('lose no right when a parameter changes, for the version before the change runs with the same role', () => {
    const roles = new Map<string, ReadonlySet<Permission>>();
    for (const overrides of settings.filter(({ KmsKeyArn }) => KmsKeyArn === undefined)) {
      for (const [logicalId, granted] of grantedPermissions(documents, overrides)) {
        expect(granted, `${logicalId} ${JSON.stringify(overrides)}`).toEqual(roles.get(logicalId) ?? granted);
        roles.set(logicalId, granted);
      }
    }
    expect(roles.size).toBe(6);
  });

  it('let map and reduce write to the data in transactions only', () => {
    for (const overrides of settings) {
      for (const [logicalId, granted] of grantedPermissions(documents, overrides)) {
        // Neither adds anything to a sum.
        if (['StateFunction', 'Workshop/GeneratorFunction'].includes(logicalId)) {
          continue;
        }
        const plainWrites = [...granted].filter(
          (one) =>
            /^dynamodb:(Put|Update|Delete|BatchWrite|BatchExecute|PartiQL)/.test(one) &&
            !one.includes(' within ') &&
            // Powertools writes its records around the commit.
            !one.includes('table/IdempotencyTable'),
        );
        expect(plainWrites).toEqual([]);
      }
    }
  });

  it('are held against recordings of every request that is in the bundles', () => {
    const services = new Map<string, { operations: Set<string>; actions: Set<string> }>();
    for (const { application, recordings } of cases) {
      for (const { logicalId, codeUri } of application.functions) {
        const service = basename(dirname(codeUri));
        const seen = services.get(service) ?? { operations: new Set(), actions: new Set() };
        services.set(service, seen);
        for (const operation of recordings.get(logicalId)?.operations ?? []) {
          seen.operations.add(operation);
        }
        for (const action of recordings.get(logicalId)?.actions ?? []) {
          seen.actions.add(action);
        }
      }
    }
    expect([...services.keys()].sort()).toEqual(['generator', 'map', 'reduce', 'scoreboard', 'state']);
    for (const [service, seen] of services) {
      const callable = callableRequests(service);
      expect([...callable.operations].sort(), service).toEqual([...seen.operations].sort());
      for (const action of callable.actions) {
        expect([...seen.actions], service).toContain(action);
      }
    }
  });
});

describe('the alarms and the dashboard', () => {
  it('look at metrics that the functions publish, under their very names', () => {
    const published = new Set(
      cases
        .flatMap(({ recordings }) => [...recordings.values()].flatMap(({ metrics }) => [...metrics]))
        // The processes here run no published version.
        .map((metric) => metric.replace('version=$LATEST', `version=${VERSION}`)),
    );
    const { alarms, dashboard } = watchedMetrics(documents);
    const own = (metrics: Set<string>): string[] => [...metrics].filter((one) => one.startsWith('Oncefold/'));
    expect(own(alarms).length).toBeGreaterThan(15);
    expect(own(dashboard).length).toBeGreaterThan(15);
    for (const metric of [...own(alarms), ...own(dashboard)]) {
      expect([...published]).toContain(metric);
    }
  });

  it('cost as many metrics as docs/costs.md counts', async () => {
    const published = cases
      .filter(({ overrides }) => overrides === settings[0])
      .flatMap(({ recordings }) => [...recordings.values()].flatMap(({ metrics }) => [...metrics]));
    const costs = await readFile(join(root, 'docs', 'costs.md'), 'utf8');
    expect(costs).toContain(`${new Set(published).size} metrics × 0.30`);
  });

  it('look at metrics that AWS publishes for what they belong to', () => {
    const { alarms, dashboard } = watchedMetrics(documents);
    const byAws = [...alarms, ...dashboard].filter((one) => !one.startsWith('Oncefold/'));
    expect(byAws.length).toBeGreaterThan(20);
    for (const metric of byAws) {
      expect(
        metricsOfAws.some((pattern) => pattern.test(metric)),
        metric,
      ).toBe(true);
    }
  });

  it('leave out no metric of a problem', () => {
    const { dashboard } = watchedMetrics(documents);
    for (const metric of [
      'map RecordsAlreadyApplied',
      'reduce TokenReplays',
      'reduce TransactionConflicts',
      'state PositionLag',
    ]) {
      expect([...dashboard]).toContain(`Oncefold/oncefold service=${metric}`);
    }
  });
});

describe('a template whose roles were changed', () => {
  const copies = everyStatement();

  it('has statements to change', () => {
    expect(copies.length).toBeGreaterThan(40);
  });

  it('is refused whichever permission is taken away', () => {
    for (const { name, actions } of copies) {
      for (const action of actions) {
        const spoilt = changed(name, (statement) => {
          statement['Action'] = actions.filter((one) => one !== action);
        });
        expect(
          findingWith(`missing: ${action} `, spoilt),
          `${name.join('.')} without ${action}`,
        ).toBeDefined();
      }
    }
  });

  it.each([
    [
      'another action',
      (statement: Statement) => ({ Action: [statement['Action'], 'dynamodb:DescribeTable'].flat() }),
    ],
    ['a wildcard for the action', () => ({ Action: 'dynamodb:*' })],
    ['every resource', (statement: Statement) => ({ Resource: [statement['Resource'], 'arn:any'].flat() })],
  ])('is refused wherever %s is added', (_, change) => {
    for (const { name } of copies) {
      const spoilt = changed(name, (statement) => Object.assign(statement, change(statement)));
      expect(findingWith('unused: ', spoilt), name.join('.')).toBeDefined();
    }
  });

  it('is refused when a write is no longer pinned to transactions', () => {
    const pinned = copies.filter(({ condition }) => condition !== undefined);
    expect(pinned.length).toBeGreaterThan(9);
    for (const { name } of pinned) {
      const spoilt = changed(name, (statement) => delete statement['Condition']);
      expect(findingWith('', spoilt), name.join('.')).toBeDefined();
    }
  });
});

type Statement = Record<string, unknown>;

/** The file of a statement, and the way to it. */
type Place = readonly [string, ...(string | number)[]];

/** The statements of all roles of functions and of the policies that they share, those under a condition too. */
function everyStatement(): { name: Place; actions: readonly string[]; condition: unknown }[] {
  const visit = (value: unknown, name: Place): ReturnType<typeof everyStatement> => {
    if (typeof value !== 'object' || value === null) {
      return [];
    }
    if ('Sid' in value && 'Action' in value) {
      const { Action, Condition } = value as Statement;
      return [{ name, actions: [Action].flat() as string[], condition: Condition }];
    }
    return Object.entries(value).flatMap(([key, part]) => visit(part, [...name, key]));
  };
  return [...documents].flatMap(([file, document]) => {
    const { Resources } = document as { Resources: Record<string, { Type: string }> };
    return Object.entries(Resources)
      .filter(([id, { Type }]) => id.endsWith('FunctionRole') || Type === 'AWS::IAM::ManagedPolicy')
      .flatMap(([id, resource]) => visit(resource, [file, 'Resources', id]));
  });
}

function changed([file, ...path]: Place, change: (statement: Statement) => void): Documents {
  const copy = structuredClone(documents.get(file));
  const statement = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], copy);
  change(statement as Statement);
  return new Map([...documents, [file, copy]]);
}
