import { evaluateMetricMath, type Series } from './metric-math.ts';
import type { Resource } from './project-template.ts';

/** A value that was published for a metric, at a minute. */
export interface Point {
  readonly minute: number;
  readonly value: number;
}

/** What was published, by {@link metricKey}. */
export type Points = ReadonlyMap<string, readonly Point[]>;

/** A metric that an alarm looks at, and how. */
export interface WatchedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** An entry of an alarm's `Metrics`. */
export interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: WatchedMetric; readonly Stat: string; readonly Period: number };
}

/** Names a metric with its dimensions. */
export function metricKey({ Namespace, MetricName, Dimensions }: WatchedMetric): string {
  return [Namespace, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`), MetricName].join(' ');
}

/** The entries of an alarm, also where it looks at one metric only. */
export function queriesOf({ properties }: Resource): readonly MetricQuery[] {
  if (properties['Metrics'] !== undefined) {
    return properties['Metrics'] as MetricQuery[];
  }
  const { Statistic, Period } = properties;
  const Metric = properties as unknown as WatchedMetric;
  return [{ Id: 'metric', MetricStat: { Metric, Stat: String(Statistic), Period: Number(Period) } }];
}

/**
 * Says which state an alarm has, from what was published before a minute.
 *
 * The periods end at that minute, because CloudWatch moves its window along with time. One period more than the alarm needs is
 * read, as CloudWatch does, so that a value has one before it. A period without a value counts as the alarm treats it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function alarmStateAt(alarm: Resource, points: Points, minute: number): 'OK' | 'ALARM' {
  const queries = queriesOf(alarm);
  const { properties } = alarm;
  const evaluated = Number(properties['EvaluationPeriods']);
  const length = evaluated + 1;
  const series = new Map<string, Series>();
  for (const { Id, Expression, MetricStat } of queries) {
    series.set(
      Id,
      MetricStat === undefined
        ? evaluateMetricMath(String(Expression), series, length)
        : aggregate(points.get(metricKey(MetricStat.Metric)) ?? [], MetricStat, { minute, length }),
    );
  }
  const [result, ...others] = queries.filter(({ ReturnData }) => ReturnData !== false);
  if (result === undefined || others.length > 0) {
    throw new Error('an alarm must look at exactly one result');
  }
  const breaching = (series.get(result.Id) ?? []).slice(-evaluated).filter((value) => {
    return value === undefined
      ? properties['TreatMissingData'] === 'breaching'
      : compare(String(properties['ComparisonOperator']), value, Number(properties['Threshold']));
  });
  const needed = Number(properties['DatapointsToAlarm'] ?? evaluated);
  return breaching.length >= needed ? 'ALARM' : 'OK';
}

function aggregate(
  points: readonly Point[],
  { Stat, Period }: { readonly Stat: string; readonly Period: number },
  { minute, length }: { readonly minute: number; readonly length: number },
): Series {
  const minutes = Number(Period) / 60;
  return Array.from({ length }, (_, index) => {
    const end = minute - (length - 1 - index) * minutes;
    const values = points
      .filter((point) => point.minute >= end - minutes && point.minute < end)
      .map(({ value }) => value);
    return values.length === 0 ? undefined : statistic(Stat, values);
  });
}

function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return values.length;
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return Math.max(...values);
    default:
      throw new Error(`the statistic ${name} is not understood`);
  }
}

function compare(operator: string, value: number, threshold: number): boolean {
  switch (operator) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    default:
      throw new Error(`the operator ${operator} is not understood`);
  }
}
