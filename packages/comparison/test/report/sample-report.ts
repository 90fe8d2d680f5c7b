import type { StrategyCode } from '@oncefold/commit';
import { addDecimals, type Decimal, formatDecimal, negate, parseSum, zero } from '@oncefold/reducer';
import { costsOf } from '../../src/costs/costs.ts';
import type {
  Cell,
  CellName,
  ComparisonReport,
  Difference,
  FaultCode,
  FaultHappened,
  Overhead,
  Price,
  StageCode,
  StrategyDescription,
  TransactionsCode,
} from '../../src/report/comparison-report.ts';
import {
  faultDescriptions,
  strategyDescriptions,
  transactionsDescriptions,
} from '../../src/report/descriptions.ts';

const inputs: ComparisonReport['inputs'] = [
  {
    stage: 'reduce',
    transactions: 'one',
    recordIs: 'row of sums',
    records: 400,
    batches: 40,
    nodes: 19,
    total: '24871234.56',
  },
  {
    stage: 'reduce',
    transactions: 'several',
    recordIs: 'row of sums',
    records: 42,
    batches: 14,
    nodes: 1_768,
    total: '24871234.56',
  },
  {
    stage: 'map',
    transactions: 'one',
    recordIs: 'change of a trade',
    records: 2_000,
    batches: 40,
    nodes: 19,
    total: '98234561.07',
  },
  {
    stage: 'map',
    transactions: 'several',
    recordIs: 'change of a trade',
    records: 42,
    batches: 14,
    nodes: 1_180,
    total: '98234561.07',
  },
];

const happened: Readonly<Record<FaultCode, readonly FaultHappened[]>> = {
  none: [],
  'same-batch': [{ kind: 'redelivered', batch: 3, times: 1 }],
  crash: [
    { kind: 'killed', batch: 4, times: 1 },
    { kind: 'redelivered', batch: 4, times: 1 },
  ],
  'reply-lost': [{ kind: 'reply-dropped', batch: 5, times: 1 }],
  'token-window': [
    { kind: 'killed', batch: 7, times: 1 },
    { kind: 'tokens-expired', batch: 7, times: 1 },
    { kind: 'redelivered', batch: 7, times: 1 },
  ],
  regrouped: [
    { kind: 'reply-dropped', batch: 9, times: 2 },
    { kind: 'split', batch: 9, times: 1 },
    { kind: 'merged', batch: 12, times: 1 },
  ],
  'two-pollers': [{ kind: 'delivered-twice-at-once', batch: 2, times: 1 }],
  zombie: [{ kind: 'write-held-and-released', batch: 6, times: 1 }],
  throttling: [
    { kind: 'throttled', batch: 1, times: 3 },
    { kind: 'conflict', batch: 8, times: 2 },
  ],
  'changed-arithmetic': [{ kind: 'arithmetic-changed', batch: 11, times: 1 }],
  everything: [
    { kind: 'killed', batch: 1, times: 1 },
    { kind: 'split', batch: 2, times: 1 },
    { kind: 'throttled', batch: 5, times: 4 },
  ],
};

/** Duplicated and lost amounts by strategy and fault; all other cells are exact. */
const wrong: Readonly<Record<string, readonly [string, string]>> = {
  'none same-batch': ['621480.5', '0'],
  'none crash': ['1204411.25', '0'],
  'none reply-lost': ['598002.13', '0'],
  'none token-window': ['640880', '18.5'],
  'none regrouped': ['2410332.07', '12044.9'],
  'none two-pollers': ['588120.44', '0'],
  'none zombie': ['633018.91', '0'],
  'none changed-arithmetic': ['120.01', '0'],
  'none everything': ['8711204.62', '240118.07'],
  'request-token token-window': ['640880', '18.5'],
  'request-token regrouped': ['2410332.07', '12044.9'],
  'request-token zombie': ['0.01', '0'],
  'request-token everything': ['3120544.1', '90133.26'],
  'powertools crash': ['1204411.25', '0'],
  'powertools token-window': ['640880', '18.5'],
  'powertools regrouped': ['2410332.07', '12044.9'],
  'powertools zombie': ['633018.91', '0'],
  'powertools everything': ['4480010.9', '61002.4'],
};

const price: Price = {
  region: 'eu-west-1',
  usdPerMillionWriteUnits: 0.705,
  usdPerMillionReadUnits: 0.141,
  source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  validSince: '2024-11-01',
};

/** Everything by default. */
export interface SampleOptions {
  readonly stages?: readonly StageCode[];
  readonly transactions?: readonly TransactionsCode[];
  readonly strategies?: readonly StrategyCode[];
  readonly faults?: readonly FaultCode[];
  readonly overheads?: boolean;
}

/** A report such as the default comparison gives, in which every promise is kept. */
export function sampleReport(options: SampleOptions = {}): ComparisonReport {
  const kinds = transactionsDescriptions.filter(({ code }) => options.transactions?.includes(code) ?? true);
  const works = inputs.filter(
    (input) =>
      (options.stages?.includes(input.stage) ?? true) &&
      kinds.some(({ code }) => code === input.transactions),
  );
  const stages = [...new Set(works.map(({ stage }) => stage))];
  const rows = strategyDescriptions.filter(({ code }) => options.strategies?.includes(code) ?? true);
  const columns = faultDescriptions.filter(({ code }) => options.faults?.includes(code) ?? true);
  const overheads = options.overheads === false ? [] : stages.flatMap((stage) => overheadsOf(stage, rows));
  return {
    format: 'oncefold-compare/2',
    startedAt: '2026-11-23T15:47:06.123Z',
    durationMs: 421_337,
    verdict: 'kept',
    parameters: {
      seed: 7,
      messages: 2_000,
      quick: false,
      stages,
      transactions: kinds.map(({ code }) => code),
      strategies: rows.map(({ code }) => code),
      faults: columns.map(({ code }) => code),
    },
    versions: {
      oncefold: '0.1.0',
      node: '24.21.0',
      libraries: { '@aws-sdk/client-dynamodb': '3.1164.0', '@aws-lambda-powertools/idempotency': '2.35.0' },
    },
    machine: {
      cpuModel: 'Example CPU at 2.20GHz',
      cores: 2,
      memoryBytes: 8_320_000_000,
      platform: 'linux x64',
    },
    engines: [
      { name: 'dynamodb-local', version: '2.6.1', usedFor: 'cells and latency' },
      { name: 'dynoxide', version: '1.2.1', usedFor: 'capacity units' },
    ],
    modelled: [
      'The token window is modelled: the proxy between function and engine expires tokens as AWS documents it.',
      'Transaction conflicts and throttling are injected: DynamoDB Local never reports either.',
      'Costs are computed from units and the published price, without Lambda, storage and streams.',
    ],
    inputs: works,
    transactions: kinds,
    strategies: rows,
    faults: columns,
    cells: works.flatMap((input) =>
      rows.flatMap((strategy) =>
        columns.map((fault) =>
          cellOf({
            stage: input.stage,
            transactions: input.transactions,
            strategy: strategy.code,
            fault: fault.code,
          }),
        ),
      ),
    ),
    overheads,
    price,
    costs: costsOf(overheads, price),
  };
}

function cellOf(name: CellName): Cell {
  const [duplicated, lost] = wrong[`${name.strategy} ${name.fault}`] ?? ['0', '0'];
  const outcome = duplicated === '0' && lost === '0' ? 'exact' : 'wrong';
  const faultsHappened = happened[name.fault];
  return {
    ...name,
    replay: `oncefold compare --seed 7 --messages 2000 --stage ${name.stage} --transactions ${name.transactions} --strategies ${name.strategy} --faults ${name.fault}`,
    durationMs: 2_210,
    disturbances: 0,
    outcome,
    expectation: {
      outcome,
      why:
        outcome === 'exact'
          ? 'The guard is part of the transaction that holds the effect.'
          : 'The guard is not part of the transaction that holds the effect.',
    },
    asExpected: true,
    difference: differenceOf(duplicated, lost),
    effort: {
      invocations: 40 + faultsHappened.length,
      retries: faultsHappened.length,
      processes: 1 + faultsHappened.filter(({ kind }) => kind === 'killed').length,
      requests: 44 + faultsHappened.length,
      requestsByOperation: { TransactWriteItems: 42 + faultsHappened.length, GetItem: 2 },
      units: { read: 4, write: 1_640, source: 'engine' },
      settleMs: { median: 14.2, p90: 31.8, max: 412.5 },
      addedMs: name.fault === 'none' ? 0 : 3.1,
    },
    faultsHappened,
  };
}

function differenceOf(duplicated: string, lost: string): Difference {
  const byNode = [
    ...(lost === '0' ? [] : [nodeOf('Delta:FXOptions:APAC', negate(parseSum(lost)))]),
    ...(duplicated === '0'
      ? []
      : [nodeOf('PV:FXSpot:EMEA', parseSum(duplicated)), nodeOf('message_count', parseSum('50'))]),
  ];
  return {
    duplicated,
    lost,
    messageCount: duplicated === '0' ? '0' : '50',
    nodesWrong: byNode.length,
    nodes: 19,
    byNode,
  };
}

function nodeOf(node: string, difference: Decimal): Difference['byNode'][number] {
  const expected = parseSum('1381735.25');
  return {
    node,
    expected: formatDecimal(addDecimals(expected, zero)),
    actual: formatDecimal(addDecimals(expected, difference)),
    difference: formatDecimal(difference),
  };
}

function overheadsOf(stage: StageCode, rows: readonly StrategyDescription[]): readonly Overhead[] {
  const hasNone = rows.some(({ code }) => code === 'none');
  return [1, 10, 100, 1_000].flatMap((batchSize) =>
    rows.map(({ code }): Overhead => {
      const nodes = stage === 'map' ? 1 : Math.min(19, 3 * batchSize);
      const commits = code === 'ledger' ? Math.max(1, Math.ceil(batchSize / 81)) : 1;
      const guard = { none: 0, 'request-token': 0, powertools: 2, ledger: 2 * batchSize, checkpoint: 2 }[
        code
      ];
      const ratio = {
        none: 1,
        'request-token': 1.02,
        powertools: 1.71,
        ledger: 1 + batchSize / 160,
        checkpoint: 1.08,
      }[code];
      const median = 7.5 + nodes * 0.35;
      return {
        stage,
        strategy: code,
        batchSize,
        batches: 30,
        requestsPerBatch: commits + (code === 'powertools' ? 2 : 0),
        commitsPerBatch: commits,
        unitsPerBatch: { read: 0, write: 2 * nodes * commits + guard, source: 'engine' },
        latencyMs: { median: median * ratio, p90: median * ratio * 1.6, max: median * ratio * 4 },
        ...(hasNone ? { latencyRatio: ratio, addedMs: median * (ratio - 1) } : {}),
      };
    }),
  );
}
