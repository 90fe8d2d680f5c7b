import { type Environment, EnvironmentError, readEnvironment } from '@oncefold/function-kit';
import type { Hierarchy } from '@oncefold/reducer';
import { createTradeHierarchy } from '@oncefold/trades';

/** As `identityKey` has it. */
const NAME_BYTES_MAX = 255;

/** What the environment says, checked. */
export interface Settings {
  /** Distinguishes stacks that share a table. */
  readonly namespace: string;
  readonly consumer: string;
  /** ARN of the stream that release 0.1.0 has read, if what it wrote is to be respected. */
  readonly formerSource: string | undefined;
  /** Namespace of the metrics; each stack has its own. */
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
  checkParallelizationFactor(environment);
  return {
    namespace: nameOf(environment, 'NAMESPACE'),
    consumer: nameOf(environment, 'CONSUMER'),
    formerSource: environment.optionalText('FORMER_SOURCE'),
    // As Powertools names it; without one the metrics of stages would be in different namespaces.
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

/** A part of every identity, where it has to be well-formed and short. */
function nameOf(environment: Environment, variable: string): string {
  const text = environment.text(variable);
  if (text.isWellFormed() && Buffer.byteLength(text) <= NAME_BYTES_MAX) {
    return text;
  }
  throw new EnvironmentError(`${variable} must be well-formed text of at most ${NAME_BYTES_MAX} bytes`);
}

/** With more, a batch that is behind another one of its shard would be taken for counted. */
function checkParallelizationFactor(environment: Environment): void {
  if (environment.integer('PARALLELIZATION_FACTOR', { min: 1, max: 10 }) === 1) {
    return;
  }
  throw new EnvironmentError(
    'PARALLELIZATION_FACTOR must be 1: records are counted by their position in the shard, and batches of one shard that run' +
      ' at the same time overtake each other; set ParallelizationFactor of the event source mapping to 1, and use more shards',
  );
}

function hierarchyOf(text: string): Hierarchy {
  try {
    return createTradeHierarchy(text.split(','));
  } catch (error) {
    const message = 'HIERARCHY_DIMENSIONS must be 1 to 16 different names with commas between them';
    throw Object.assign(new EnvironmentError(message), { cause: error });
  }
}
