import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Environment, EnvironmentError } from '../environment/environment.ts';

/** Shares of a batch, as percentages by metric name; undefined where the batch has nothing to have a share of. */
export type Shares = Readonly<Record<string, number | undefined>>;

/**
 * Makes the function that publishes what one version of a function refuses, for the alarms of a gradual deployment.
 *
 * These metrics have the dimension `version` beside `service`, because those without it cannot tell a new version from the old one
 * that still gets most of the traffic. Each version is a metric of its own, which costs; so they are published only where
 * `VERSION_METRICS` is `true`, and only what the alarms look at.
 *
 * @param environment - `AWS_LAMBDA_FUNCTION_VERSION` is from Lambda itself
 * @throws {@link EnvironmentError} when there is no version to publish for
 */
export function composeVersionMetrics(environment: Environment): (shares: Shares) => void {
  if (!environment.flag('VERSION_METRICS')) {
    return () => {};
  }
  const version = environment.optionalText('AWS_LAMBDA_FUNCTION_VERSION');
  if (version === undefined) {
    throw new EnvironmentError('AWS_LAMBDA_FUNCTION_VERSION is not set, and VERSION_METRICS asks for it');
  }
  const metrics = new Metrics({ defaultDimensions: { version } });
  return (shares) => {
    const known = Object.entries(shares).filter(([, share]) => share !== undefined);
    for (const [name, share = 0] of known) {
      metrics.addMetric(name, MetricUnit.Percent, share);
    }
    if (known.length > 0) {
      metrics.publishStoredMetrics();
    }
  };
}

/** Gives a part of a whole as a percentage; undefined where the whole is 0. */
export function percentageOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : (part / whole) * 100;
}
