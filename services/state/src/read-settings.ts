import { createHierarchy, type Hierarchy } from '@oncefold/reducer';
import { EnvironmentError } from './errors.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says, checked. */
export interface Settings {
  readonly consumer: string;
  readonly hierarchy: Hierarchy;
  readonly tables: { readonly state: string; readonly quarantine: string; readonly accounting: string };
  /** Absent unless failures are to be induced. */
  readonly inducedFailures: { readonly table: string; readonly seed: number | undefined } | undefined;
}

/**
 * Reads and checks the environment, so that a wrong variable fails the cold start and not the first bad record.
 *
 * @param environment - variables by name
 * @returns the {@link Settings}
 * @throws {@link EnvironmentError} when a variable is missing or wrong; the message names it
 */
export function readSettings(environment: Environment): Settings {
  return {
    consumer: required(environment, 'CONSUMER', /^[^#]{1,128}$/),
    hierarchy: hierarchyOf(required(environment, 'HIERARCHY_DIMENSIONS', /./)),
    tables: {
      state: tableName(environment, 'STATE_TABLE'),
      quarantine: tableName(environment, 'QUARANTINE_TABLE'),
      accounting: tableName(environment, 'ACCOUNTING_TABLE'),
    },
    inducedFailures: inducedFailuresOf(environment),
  };
}

function inducedFailuresOf(environment: Environment): Settings['inducedFailures'] {
  const mode = environment['INDUCED_FAILURES'] || 'false';
  if (mode !== 'true' && mode !== 'false')
    throw new EnvironmentError("INDUCED_FAILURES must be 'true' or 'false'.");
  if (mode === 'false') return undefined;
  const seed = environment['INDUCED_FAILURE_SEED'] || undefined;
  if (seed !== undefined && !/^-?\d{1,15}$/.test(seed)) {
    throw new EnvironmentError('INDUCED_FAILURE_SEED must be an integer of at most 15 digits.');
  }
  return {
    table: tableName(environment, 'PARAMETER_TABLE'),
    seed: seed === undefined ? undefined : Number(seed),
  };
}

function tableName(environment: Environment, name: string): string {
  return required(environment, name, /^[A-Za-z0-9_.-]{3,255}$/);
}

function required(environment: Environment, name: string, pattern: RegExp): string {
  const value = environment[name];
  if (value === undefined || value === '')
    throw new EnvironmentError(`The environment variable ${name} is missing.`);
  if (!pattern.test(value))
    throw new EnvironmentError(`The environment variable ${name} must match ${pattern}.`);
  return value;
}

function hierarchyOf(text: string): Hierarchy {
  try {
    return createHierarchy({ dimensions: text.split(',') });
  } catch (error) {
    throw new EnvironmentError(
      'HIERARCHY_DIMENSIONS must be 1 to 16 different names with commas between them.',
      {
        cause: error,
      },
    );
  }
}
