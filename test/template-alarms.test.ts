// Goal: the alarms go off when they should, stay off when they should, and may be off only where nobody is called for.
// Method: the alarms as the template gives them to CloudFormation, their metric math evaluated over values minute by minute, with
// the window at every minute, because CloudWatch moves it along with time.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmStateAt, type Point, type Points, queriesOf } from './template/alarm-state.ts';
import { evaluateMetricMath } from './template/metric-math.ts';
import {
  type Overrides,
  type Resource,
  readProjectDocuments,
  resolveResources,
  root,
} from './template/project-template.ts';
import { everyAlarm, resolveAlarms, VERSION } from './template/watched-metrics.ts';

const documents = await readProjectDocuments();
const namespace = 'Oncefold/oncefold';
const topic = 'arn:aws:sns:us-east-1:123456789012:on-call';

function alarm(id: string, overrides: Overrides = everyAlarm): Resource {
  const found = resolveAlarms(documents, overrides).get(id);
  if (found === undefined) {
    throw new Error(`there is no alarm ${id}`);
  }
  return found;
}

/** One value for each minute of a span, or for the minutes that are asked for. */
function each(
  from: number,
  to: number,
  value = 5,
  isWanted: (minute: number) => boolean = () => true,
): Point[] {
  return Array.from({ length: to - from }, (_, index) => ({ minute: from + index, value })).filter(
    ({ minute }) => isWanted(minute),
  );
}

/** The states of an alarm, minute by minute; what is published at a minute can be seen some minutes later. */
function states(
  id: string,
  points: Points,
  { from, to, delay = 0 }: { from: number; to: number; delay?: number },
): string[] {
  const one = alarm(id);
  return Array.from({ length: to - from }, (_, index) => {
    const minute = from + index;
    const visible = new Map(
      [...points].map(([key, values]) => [key, values.filter((point) => point.minute + delay < minute)]),
    );
    return alarmStateAt(one, visible, minute);
  });
}

describe('evaluateMetricMath', () => {
  const series = new Map([
    ['a', [1, undefined, 3]],
    ['b', [2, 2, 2]],
    ['none', [undefined, undefined, undefined]],
  ]);
  it.each<[string, (number | undefined)[]]>([
    ['a + b', [3, undefined, 5]],
    ['FILL(a, 0) - DIFF(FILL(a, 0))', [undefined, 1, 0]],
    ['FILL(none, 0)', [0, 0, 0]],
    ['2 * b + 1', [5, 5, 5]],
    ['2 * (b + 1)', [6, 6, 6]],
    ['IF(a > 1 AND b == 2 OR a == 0, 1, 0)', [0, undefined, 1]],
    ['b - 1 - 1', [0, 0, 0]],
  ])('computes %s', (expression, expected) => {
    expect(evaluateMetricMath(expression, series, 3)).toEqual(expected);
  });
  it.each(['RATE(a)', 'a +', 'c', 'a b', 'IF(a, b)', 'a ^ 2'])(
    'refuses %s, which it does not understand',
    (expression) => {
      expect(() => evaluateMetricMath(expression, series, 3)).toThrow();
    },
  );
});

const stages = [
  {
    stage: 'state',
    id: 'StateStoppedAlarm',
    input: 'AWS/Kinesis StreamName=IncomingDataStream IncomingRecords',
  },
  { stage: 'map', id: 'MapStoppedAlarm', input: `${namespace} service=state Applied` },
  { stage: 'reduce', id: 'ReduceStoppedAlarm', input: `${namespace} service=map RecordsContributing` },
];

describe.each(stages)('the alarm of a stopped $stage stage', ({ stage, id, input }) => {
  const done = `${namespace} service=${stage} PositionLag`;
  const span = { from: 90, to: 400 };

  it('is off while the stage runs', () => {
    const points = new Map([
      [input, each(0, 400)],
      [done, each(0, 400)],
    ]);
    expect(new Set(states(id, points, span))).toEqual(new Set(['OK']));
    // CloudWatch sees the newest minutes late.
    expect(new Set(states(id, points, { ...span, delay: 3 }))).toEqual(new Set(['OK']));
  });

  it('goes off within 20 minutes when the mapping is disabled, or has lost its stream or key', () => {
    const points = new Map([
      [input, each(0, 400)],
      [done, each(0, 100)],
    ]);
    const found = states(id, points, span);
    expect(found.indexOf('ALARM')).toBeGreaterThan(0);
    expect(found.indexOf('ALARM') + span.from).toBeLessThanOrEqual(121);
    expect(new Set(found.slice(found.indexOf('ALARM')))).toEqual(new Set(['ALARM']));
  });

  it('goes off when the stage has never run', () => {
    expect(states(id, new Map([[input, each(0, 30)]]), { from: 29, to: 30 })).toEqual(['ALARM']);
  });

  it('is off where nothing comes in', () => {
    expect(new Set(states(id, new Map(), span))).toEqual(new Set(['OK']));
    const counted = new Map([[input, each(0, 400, 0)]]);
    expect(new Set(states(id, counted, span))).toEqual(new Set(['OK']));
  });

  it('is off when a batch is done late, after the longest batching window', () => {
    const points = new Map([
      [input, each(0, 400, 1, (minute) => minute % 45 === 0)],
      [done, each(0, 400, 1, (minute) => minute % 45 === 6)],
    ]);
    expect(new Set(states(id, points, { ...span, delay: 2 }))).toEqual(new Set(['OK']));
  });

  it('stays on for an hour after the last record that was not processed, though nothing comes in', () => {
    const points = new Map([[input, each(100, 101)]]);
    const found = states(id, points, span);
    const on = found.indexOf('ALARM') + span.from;
    expect(on).toBeLessThanOrEqual(121);
    const off = found.lastIndexOf('ALARM') + span.from;
    expect(off - on).toBeGreaterThan(55);
  });

  it('recovers within 70 minutes when the stage runs again', () => {
    const isStopped = (minute: number): boolean => minute >= 100 && minute < 150;
    const points = new Map([
      [input, each(0, 400)],
      [done, each(0, 400, 5, (minute) => !isStopped(minute))],
    ]);
    const found = states(id, points, span);
    expect(found).toContain('ALARM');
    expect(found.lastIndexOf('ALARM') + span.from).toBeLessThan(150 + 70);
  });
});

describe('the other alarms', () => {
  it('say that batches are kept for as long as they are, though a count of S3 is missing', () => {
    const day = 24 * 60;
    const key = 'AWS/S3 BucketName=FailedBatchBucket StorageType=AllStorageTypes NumberOfObjects';
    const counts = [0, 3, undefined, 3, 0, 0, 0].flatMap((value, index) =>
      value === undefined ? [] : [{ minute: index * day, value }],
    );
    const at = (days: number): string =>
      alarmStateAt(
        alarm('PipelineDashboard/FailedBatchesKeptAlarm'),
        new Map([[key, counts]]),
        days * day + 1,
      );
    expect([0, 1, 2, 3, 4, 6].map(at)).toEqual(['OK', 'ALARM', 'ALARM', 'ALARM', 'ALARM', 'OK']);
  });

  it('say that producers are silent only where records are expected', () => {
    const key = 'AWS/Kinesis StreamName=IncomingDataStream IncomingRecords';
    const id = 'PipelineDashboard/FewRecordsAlarm';
    expect(alarmStateAt(alarm(id), new Map(), 60)).toBe('ALARM');
    expect(alarmStateAt(alarm(id), new Map([[key, each(0, 60)]]), 60)).toBe('OK');
    expect(resolveAlarms(documents, {}).has(id)).toBe(false);
  });

  it('add up the latency of stages of which one publishes nothing', () => {
    const latency = (stage: string): string => `${namespace} service=${stage} StageLatency`;
    const points = new Map([
      [latency('state'), each(0, 10, 20_000)],
      [latency('reduce'), each(0, 10, 41_000)],
    ]);
    expect(alarmStateAt(alarm('EndToEndLatencyAlarm'), points, 10)).toBe('ALARM');
    expect(
      alarmStateAt(
        alarm('EndToEndLatencyAlarm', { ...everyAlarm, EndToEndLatencyAlarmSeconds: '61' }),
        points,
        10,
      ),
    ).toBe('OK');
  });
});

describe('the alarms of a gradual deployment', () => {
  const gates = [
    ['StateQuarantineDeploymentAlarm', 'state', 'QuarantinePercent'],
    ['StateConflictDeploymentAlarm', 'state', 'ConflictPercent'],
    ['MapQuarantineDeploymentAlarm', 'map', 'QuarantinePercent'],
    ['ReduceQuarantineDeploymentAlarm', 'reduce', 'QuarantinePercent'],
  ] as const;

  it.each(gates)(
    '%s stops a version that refuses what it gets, and not the one that mends it',
    (id, stage, name) => {
      const of = (version: string): string => `${namespace} service=${stage} version=${version} ${name}`;
      const refusing = each(0, 5, 100);
      expect(alarmStateAt(alarm(id), new Map([[of(VERSION), refusing]]), 5)).toBe('ALARM');
      const mending = new Map([
        [of('0'), refusing],
        [of(VERSION), each(0, 5, 0.5)],
      ]);
      expect(alarmStateAt(alarm(id), mending, 5)).toBe('OK');
    },
  );

  it('are in the deployment of their function, beside the one for its errors', () => {
    const document = [...documents.values()][0] as {
      Resources: Record<string, { Properties: { DeploymentPreference?: { Alarms: unknown } } }>;
    };
    for (const stage of ['State', 'Map', 'Reduce']) {
      const own = gates.filter(([id]) => id.startsWith(stage)).map(([id]) => id);
      expect(document.Resources[`${stage}Function`]?.Properties.DeploymentPreference?.Alarms, stage).toEqual({
        'Fn::If': [
          'DeploysGradually',
          [`${stage}DeploymentAlarm`, ...own].map((Ref) => ({ Ref })),
          [{ Ref: 'AWS::NoValue' }],
        ],
      });
    }
    expect(resolveAlarms(documents, {}).has('StateQuarantineDeploymentAlarm')).toBe(false);
  });
});

describe('the alarms', () => {
  it('keep to what CloudWatch allows', () => {
    for (const [id, one] of resolveAlarms(documents, everyAlarm)) {
      const queries = queriesOf(one);
      const periods = queries.flatMap(({ MetricStat }) => (MetricStat ? [Number(MetricStat.Period)] : []));
      expect(new Set(periods).size, id).toBe(1);
      const [period = 0] = periods;
      expect(period % 60, id).toBe(0);
      const span = period * Number(one.properties['EvaluationPeriods']);
      expect(span, id).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 604_800);
      expect(queries.length, id).toBeLessThanOrEqual(10);
      for (const { Id } of queries) {
        expect(Id).toMatch(/^[a-z]\w*$/);
      }
      expect(
        queries.filter(({ ReturnData }) => ReturnData !== false),
        id,
      ).toHaveLength(1);
    }
  });

  it('are 31, none without WithAlarms, and those of a deployment always where it is gradual', () => {
    const count = (overrides: Overrides): number => resolveAlarms(documents, overrides).size;
    expect(count({})).toBe(30);
    expect(count({ ExpectedRecordsPerHour: '1' })).toBe(31);
    expect(count({ WithAlarms: 'false', ExpectedRecordsPerHour: '1' })).toBe(0);
    expect(count({ WithAlarms: 'false', DeploymentType: 'Canary10Percent5Minutes' })).toBe(7);
  });

  it('are as many as docs/costs.md counts', async () => {
    const costs = await readFile(join(root, 'docs', 'costs.md'), 'utf8');
    const looks = (overrides: Overrides): number[] => {
      const alarms = [...resolveAlarms(documents, overrides).values()];
      const stats = alarms.flatMap(queriesOf).filter(({ MetricStat }) => MetricStat !== undefined);
      return [alarms.length, stats.length];
    };
    const [alarms, metrics] = looks({});
    expect(costs).toContain(`${alarms} alarms on ${metrics} metrics × 0.10`);
    const [gradual = 0] = looks({ DeploymentType: 'Canary10Percent5Minutes' });
    expect(costs).toContain(`(\`DeploymentType\`) adds ${gradual - Number(alarms)} alarms`);
  });

  it('are on a dashboard that is well-formed with and without them', () => {
    for (const WithAlarms of ['true', 'false']) {
      for (const ExpectedRecordsPerHour of ['0', '1']) {
        const overrides = { WithAlarms, ExpectedRecordsPerHour, DeploymentType: 'Canary10Percent5Minutes' };
        const found = dashboardOf(overrides).widgets.filter(({ type }) => type === 'alarm');
        const expected = ExpectedRecordsPerHour === '1' ? 31 : 30;
        expect(found.flatMap(({ properties }) => properties.alarms).length).toBe(
          WithAlarms === 'true' ? expected : 0,
        );
      }
    }
  });
});

function dashboardOf(overrides: Overrides): {
  widgets: { type: string; properties: { alarms: string[] } }[];
} {
  // Names of mappings are SAM's; they are text here.
  const text = JSON.stringify([...documents]).replaceAll(/\{"Ref":"(\w+Function[A-Z]\w+)"\}/g, '"$1"');
  const [found] = resolveResources(
    new Map(JSON.parse(text)),
    overrides,
    (type) => type === 'AWS::CloudWatch::Dashboard',
  ).values();
  return JSON.parse(String(found?.properties['DashboardBody']));
}

describe('data that is protected', () => {
  const protectedData = { Protection: 'full', AlarmTopicArn: topic };

  it('must be watched by somebody', () => {
    expect(resolveAlarms(documents, protectedData).size).toBe(30);
    expect(() => resolveAlarms(documents, { Protection: 'full' })).toThrow(
      /Rules\.ProtectedDataIsWatched: Protection=full needs AlarmTopicArn/,
    );
    expect(() => resolveAlarms(documents, { ...protectedData, WithAlarms: 'false' })).toThrow(
      /Rules\.ProtectedDataIsWatched: Protection=full needs WithAlarms=true/,
    );
  });

  it('is not deployed by the section prod without a topic', async () => {
    const prod = sectionOf(await readFile(join(root, 'samconfig.toml'), 'utf8'), 'prod.deploy.parameters');
    expect(prod['Protection']).toBe('full');
    expect(() => resolveAlarms(documents, prod)).toThrow(/needs AlarmTopicArn/);
    expect(() => resolveAlarms(documents, { ...prod, AlarmTopicArn: 'on-call' })).toThrow(
      /Parameters\.AlarmTopicArn: .* the ARN of an SNS topic/,
    );
    expect(resolveAlarms(documents, { ...prod, AlarmTopicArn: topic }).size).toBe(37);
  });

  it('is not what the section dev is for, which has no alarms', async () => {
    const dev = sectionOf(await readFile(join(root, 'samconfig.toml'), 'utf8'), 'dev.deploy.parameters');
    expect(resolveAlarms(documents, dev).size).toBe(0);
  });
});

/** The parameters of a section of samconfig.toml. */
function sectionOf(toml: string, name: string): Overrides {
  const section = toml.split(/^\[(?=[a-z_.]+\]$)/m).find((text) => text.startsWith(`${name}]`)) ?? '';
  const [, list = ''] = /^parameter_overrides = \[([^\]]*)\]/m.exec(section) ?? [];
  const entries = [...list.matchAll(/^ *"(\w+)=([^"]*)",?$/gm)].map(([, key = '', value = '']) => [
    key,
    value,
  ]);
  if (entries.length === 0) {
    throw new Error(`samconfig.toml has no parameters in ${name}`);
  }
  return Object.fromEntries(entries);
}
