import { type Documents, resolveResources } from './project-template.ts';

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
 * @param documents - from `readProjectDocuments`; references to what SAM makes are taken as text
 */
export function watchedMetrics(documents: Documents): {
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
    withoutMappingReferences(documents),
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
    withoutMappingReferences(documents),
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

/** The names of mappings exist only once SAM has made them. */
function withoutMappingReferences(documents: Documents): Documents {
  const replace = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(/\$\{(\w+Function[A-Z]\w+)\}/g, '$1');
    }
    const { Ref } = (value ?? {}) as { Ref?: unknown };
    return typeof Ref === 'string' && /Function[A-Z]\w+$/.test(Ref) ? Ref : value;
  };
  return new Map([...documents].map(([file, one]) => [file, JSON.parse(JSON.stringify(one), replace)]));
}
