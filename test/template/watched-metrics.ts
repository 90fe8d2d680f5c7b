import { resolveResources } from './project-template.ts';

interface MetricQuery {
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: Dimension[];
    };
  };
}

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/**
 * Lists the metrics of the project's own namespace that alarms and dashboard look at, as `<namespace> <service> <name>`.
 *
 * @param template - from `parseProjectTemplate`; references to what SAM makes are taken as text
 */
export function watchedMetrics(template: Record<string, unknown>): {
  alarms: Set<string>;
  dashboard: Set<string>;
} {
  const alarms = new Set<string>();
  const dashboard = new Set<string>();
  const watch = (found: Set<string>, namespace: unknown, name: unknown, dimensions: Dimension[]): void => {
    if (typeof namespace !== 'string' || !namespace.startsWith('Oncefold/')) {
      return;
    }
    const [service] = dimensions;
    if (dimensions.length !== 1 || service?.Name !== 'service') {
      throw new Error(`${name} has other dimensions`);
    }
    found.add(`${namespace} ${service.Value} ${name}`);
  };

  for (const { properties } of resolveResources(
    withoutMappingReferences(template),
    {},
    (type) => type === 'AWS::CloudWatch::Alarm',
  ).values()) {
    watch(alarms, properties['Namespace'], properties['MetricName'], properties['Dimensions'] as Dimension[]);
    for (const { MetricStat } of (properties['Metrics'] ?? []) as MetricQuery[]) {
      const metric = MetricStat?.Metric;
      if (metric !== undefined) {
        watch(alarms, metric.Namespace, metric.MetricName, metric.Dimensions);
      }
    }
  }
  for (const { properties } of resolveResources(
    withoutMappingReferences(template),
    {},
    (type) => type === 'AWS::CloudWatch::Dashboard',
  ).values()) {
    const body = JSON.parse(String(properties['DashboardBody'])) as {
      widgets: { properties: { metrics?: unknown[][] } }[];
    };
    for (const [namespace, name, ...rest] of body.widgets.flatMap(
      ({ properties }) => properties.metrics ?? [],
    )) {
      const [Name, Value] = rest as string[];
      watch(dashboard, namespace, name, [{ Name: String(Name), Value: String(Value) }]);
    }
  }
  return { alarms, dashboard };
}

/** Names of mappings and of alarms' ARNs exist only once SAM and CloudFormation have made them. */
function withoutMappingReferences(template: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(template), (_key, value: unknown) => {
    if (typeof value === 'string') {
      return value.replaceAll(/\$\{(\w+Alarm\.Arn|\w+Function[A-Z]\w+)\}/g, '$1');
    }
    const reference = (value as { Ref?: unknown } | null)?.Ref;
    return typeof reference === 'string' && /Function[A-Z]\w+$/.test(reference) ? reference : value;
  }) as Record<string, unknown>;
}
