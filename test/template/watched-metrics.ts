import { metricKey, queriesOf } from './alarm-state.ts';
import { type Documents, type Overrides, type Resource, resolveResources } from './project-template.ts';

/** With every alarm that there can be. */
export const everyAlarm: Overrides = {
  DeploymentType: 'Linear10PercentEvery1Minute',
  ExpectedRecordsPerHour: '1',
};

/** The version that {@link resolveAlarms} takes the functions to have. */
export const VERSION = '1';

/** Resolves the alarms; what SAM makes is taken as text. */
export function resolveAlarms(documents: Documents, overrides: Overrides): Map<string, Resource> {
  return resolveResources(
    withoutMadeBySam(documents),
    overrides,
    (type) => type === 'AWS::CloudWatch::Alarm',
  );
}

/**
 * Lists the metrics that alarms and dashboard look at, as `<namespace> <dimension>=<value> <name>`.
 *
 * @param documents - from `readProjectDocuments`; references to what SAM makes are taken as text
 */
export function watchedMetrics(documents: Documents): {
  alarms: Set<string>;
  dashboard: Set<string>;
} {
  const alarms = new Set<string>();
  const dashboard = new Set<string>();
  for (const alarm of resolveAlarms(documents, everyAlarm).values()) {
    for (const { MetricStat } of queriesOf(alarm)) {
      if (MetricStat !== undefined) {
        alarms.add(metricKey(MetricStat.Metric));
      }
    }
  }
  for (const { properties } of resolveResources(
    withoutMadeBySam(documents),
    everyAlarm,
    (type) => type === 'AWS::CloudWatch::Dashboard',
  ).values()) {
    const body = JSON.parse(String(properties['DashboardBody'])) as {
      widgets: { properties: { metrics?: unknown[][] } }[];
    };
    const found = body.widgets.flatMap(({ properties }) => properties.metrics ?? []);
    for (const [namespace, name, dimension, value] of found.filter(([first]) => typeof first === 'string')) {
      dashboard.add(`${namespace} ${dimension}=${value} ${name}`);
    }
  }
  return { alarms, dashboard };
}

/** Mappings and versions have a name only once SAM has made them. */
function withoutMadeBySam(documents: Documents): Documents {
  const replace = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(/\$\{(\w+Function[A-Z]\w+)\}/g, '$1');
    }
    const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { Ref?: unknown; 'Fn::GetAtt'?: unknown };
    if (Array.isArray(attribute) && attribute[1] === 'Version.Version') {
      return VERSION;
    }
    return typeof Ref === 'string' && /Function[A-Z]\w+$/.test(Ref) ? Ref : value;
  };
  return new Map([...documents].map(([file, one]) => [file, JSON.parse(JSON.stringify(one), replace)]));
}
