import { dimensions } from '../lab.ts';

const tables = [
  'STATE',
  'REDUCE',
  'AGGREGATE',
  'PARAMETER',
  'LEDGER',
  'POSITION',
  'QUARANTINE',
  'ACCOUNTING',
  'RECOUNT',
];

/** What the functions read of their environment, with the names that the lab has. */
export const functionVariables: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  NAMESPACE: 'bench',
  CONSUMER: 'bench',
  STRATEGY: 'ledger',
  PARALLELIZATION_FACTOR: '1',
  HIERARCHY_DIMENSIONS: dimensions.join(','),
  LEDGER_RETENTION_SECONDS: '691200',
  EXPIRED_TRADES: 'retract',
  RANGE_MARKERS: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Oncefold',
  ...Object.fromEntries(tables.map((name) => [`${name}_TABLE`, tableName(name)])),
};

/** `STATE` is `StateTable`. */
function tableName(name: string): string {
  return `${name.slice(0, 1)}${name.slice(1).toLowerCase()}Table`;
}
