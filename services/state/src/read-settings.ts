import { EnvironmentError, readEnvironment } from '@oncefold/lambda-environment';
import { createHierarchy, type Hierarchy } from '@oncefold/reducer';

/** What the environment says, checked. */
export interface Settings {
  readonly consumer: string;
  /** Under which the metrics stand; each stack has its own. */
  readonly metricsNamespace: string;
  readonly hierarchy: Hierarchy;
  readonly tables: { readonly state: string; readonly quarantine: string; readonly accounting: string };
  /** Absent unless failures are to be induced. */
  readonly inducedFailures: { readonly table: string; readonly seed: number | undefined } | undefined;
}

/**
 * Reads and checks the environment, so that a wrong variable fails the cold start and not the first bad record.
 *
 * @param variables - usually `process.env`
 * @returns the {@link Settings}
 * @throws {@link EnvironmentError} when a variable is missing or wrong; the message names it
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const environment = readEnvironment(variables);
  const seedRange = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
  return {
    consumer: environment.text('CONSUMER'),
    // As Powertools names it; without one the metrics of stages would stand apart.
    metricsNamespace: variables['POWERTOOLS_METRICS_NAMESPACE'] || 'Oncefold',
    hierarchy: hierarchyOf(environment.text('HIERARCHY_DIMENSIONS')),
    tables: {
      state: environment.text('STATE_TABLE'),
      quarantine: environment.text('QUARANTINE_TABLE'),
      accounting: environment.text('ACCOUNTING_TABLE'),
    },
    inducedFailures: environment.flag('INDUCED_FAILURES')
      ? {
          table: environment.text('PARAMETER_TABLE'),
          seed: environment.optionalInteger('INDUCED_FAILURE_SEED', seedRange),
        }
      : undefined,
  };
}

function hierarchyOf(text: string): Hierarchy {
  try {
    return createHierarchy({ dimensions: text.split(',') });
  } catch (error) {
    const message = 'HIERARCHY_DIMENSIONS must be 1 to 16 different names with commas between them';
    throw Object.assign(new EnvironmentError(message), { cause: error });
  }
}
