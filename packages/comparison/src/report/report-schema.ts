import { parseSum } from '@oncefold/reducer';
import { z } from 'zod';
import type { Cell, ComparisonReport, Cost, Overhead } from './comparison-report.ts';
import { faultCodes, stageCodes, strategyCodes, transactionsCodes } from './descriptions.ts';

const stage = z.enum(stageCodes);
const transactions = z.enum(transactionsCodes);
const strategy = z.enum(strategyCodes);
const fault = z.enum(faultCodes);
const outcome = z.enum(['exact', 'wrong']);
const count = z.int().nonnegative();
const quantity = z.number().nonnegative();
const decimal = z.string().refine(isDecimal, 'not a decimal of at most 26 integer and 12 fraction digits');

const units = z.strictObject({ read: quantity, write: quantity, source: z.enum(['engine', 'computed']) });
const spread = z.strictObject({ median: quantity, p90: quantity, max: quantity });

const cellBase = {
  stage,
  transactions,
  strategy,
  fault,
  replay: z.string().min(1),
  durationMs: quantity,
  disturbances: count,
};

const judgedCell = z.strictObject({
  ...cellBase,
  outcome,
  expectation: z.strictObject({ outcome, why: z.string() }),
  asExpected: z.boolean(),
  difference: z.strictObject({
    duplicated: decimal,
    lost: decimal,
    messageCount: decimal,
    nodesWrong: count,
    nodes: count,
    byNode: z.array(
      z.strictObject({ node: z.string(), expected: decimal, actual: decimal, difference: decimal }),
    ),
  }),
  effort: z.strictObject({
    invocations: count,
    retries: count,
    processes: count,
    requests: count,
    requestsByOperation: z.record(z.string(), count),
    units,
    settleMs: spread,
    addedMs: z.number().exactOptional(),
  }),
  faultsHappened: z.array(
    z.strictObject({
      kind: z.enum([
        'redelivered',
        'killed',
        'reply-dropped',
        'tokens-expired',
        'split',
        'merged',
        'delivered-twice-at-once',
        'write-held-and-released',
        'throttled',
        'conflict',
        'server-error',
        'arithmetic-changed',
      ]),
      batch: count,
      times: count,
    }),
  ),
});

const failedCell = z.strictObject({
  ...cellBase,
  outcome: z.literal('failed'),
  failure: z.strictObject({
    code: z.enum(['fault-missing', 'not-through', 'function-broken', 'disturbed']),
    message: z.string(),
  }),
});

const overhead = z.strictObject({
  stage,
  strategy,
  batchSize: z.int().positive(),
  batches: count,
  requestsPerBatch: quantity,
  commitsPerBatch: quantity,
  unitsPerBatch: units,
  latencyMs: spread,
  latencyRatio: quantity.exactOptional(),
  addedMs: z.number().exactOptional(),
});

const cost = z.strictObject({
  stage,
  strategy,
  batchSize: z.int().positive(),
  usdPerMillionRecords: quantity,
  guardUsdPerMillionRecords: z.number().exactOptional(),
});

/** The shape of a report alone; {@link comparisonReportSchema} checks that its parts refer to each other. */
export const comparisonReportShape: z.ZodType<ComparisonReport> = z.strictObject({
  format: z.literal('oncefold-compare/2'),
  startedAt: z.iso.datetime(),
  durationMs: quantity,
  verdict: z.enum(['kept', 'broken', 'incomplete']),
  parameters: z.strictObject({
    seed: z.int().min(0).max(2_147_483_647),
    messages: count,
    quick: z.boolean(),
    stages: z.array(stage),
    transactions: z.array(transactions),
    strategies: z.array(strategy),
    faults: z.array(fault),
  }),
  versions: z.strictObject({
    oncefold: z.string(),
    node: z.string(),
    libraries: z.record(z.string(), z.string()),
  }),
  machine: z.strictObject({
    cpuModel: z.string(),
    cores: z.int().positive(),
    memoryBytes: quantity,
    platform: z.string(),
  }),
  engines: z.array(z.strictObject({ name: z.string(), version: z.string(), usedFor: z.string() })),
  modelled: z.array(z.string()),
  inputs: z.array(
    z.strictObject({
      stage,
      transactions,
      recordIs: z.string(),
      records: count,
      batches: count,
      nodes: count,
      total: decimal,
    }),
  ),
  transactions: z.array(z.strictObject({ code: transactions, title: z.string(), description: z.string() })),
  strategies: z.array(
    z.strictObject({ code: strategy, title: z.string(), guard: z.string(), promisesExactness: z.boolean() }),
  ),
  faults: z.array(z.strictObject({ code: fault, title: z.string(), description: z.string() })),
  cells: z.array(z.discriminatedUnion('outcome', [judgedCell, failedCell])),
  overheads: z.array(overhead),
  price: z.strictObject({
    region: z.string(),
    usdPerMillionWriteUnits: quantity,
    usdPerMillionReadUnits: quantity,
    source: z.string(),
    validSince: z.string(),
  }),
  costs: z.array(cost),
});

/** A report whose cells, overheads and costs refer to listed strategies, faults and inputs, each of them unique. */
export const comparisonReportSchema: z.ZodType<ComparisonReport> = comparisonReportShape.superRefine(
  (report, context) => {
    for (const problem of findContradictions(report)) {
      context.addIssue({ code: 'custom', message: problem });
    }
  },
);

function findContradictions(report: ComparisonReport): readonly string[] {
  const stages = new Set<string>(report.inputs.map((input) => input.stage));
  const strategies = new Set<string>(report.strategies.map(({ code }) => code));
  const faults = new Set<string>(report.faults.map(({ code }) => code));
  const inputs = new Set(report.inputs.map((input) => `${input.stage} ${input.transactions}`));
  const transactions = new Set<string>(report.transactions.map(({ code }) => code));
  const rows: readonly (Cell | Overhead | Cost)[] = [...report.cells, ...report.overheads, ...report.costs];
  return [
    ...rows
      .filter((row) => !stages.has(row.stage) || !strategies.has(row.strategy))
      .map((row) => `${row.stage} ${row.strategy}: the stage or the strategy is not described`),
    ...report.cells
      .filter((cell) => !faults.has(cell.fault))
      .map((cell) => `${cell.fault}: the fault is not described`),
    ...report.cells
      .filter(
        (cell) => !inputs.has(`${cell.stage} ${cell.transactions}`) || !transactions.has(cell.transactions),
      )
      .map((cell) => `${cell.stage} ${cell.transactions}: the input of the cell is not described`),
    ...repeated(report.inputs.map((input) => `input ${input.stage} ${input.transactions}`)),
    ...repeated(
      report.cells.map((cell) => `cell ${cell.stage} ${cell.transactions} ${cell.strategy} ${cell.fault}`),
    ),
    ...repeated(report.overheads.map((row) => `overhead ${row.stage} ${row.strategy} ${row.batchSize}`)),
    ...repeated(report.costs.map((row) => `cost ${row.stage} ${row.strategy} ${row.batchSize}`)),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `${name}: is listed twice`);
}

function isDecimal(text: string): boolean {
  try {
    parseSum(text);
    return true;
  } catch {
    return false;
  }
}
