/** What an application pays for that imports this, and nothing else, from the published packages. */
export interface Budget {
  readonly what: string;
  /** The module that is bundled. */
  readonly code: string;
  /** Bytes, minified and compressed with gzip, without the packages that stay imports. */
  readonly max: number;
}

/**
 * A budget is today's size and some 3 %: raise it when what is new is worth it, and lower it when something has become smaller. The
 * failing test says the size.
 */
export const budgets: readonly Budget[] = [
  {
    what: 'the middleware with one strategy and no SDK',
    code: `export { commitOnce } from '@oncefold/middleware'; export { incrementEach, ledger } from '@oncefold/commit';`,
    max: 16_200,
  },
  {
    what: 'the same with checkpoint',
    code: `export { commitOnce } from '@oncefold/middleware'; export { checkpoint, incrementEach } from '@oncefold/commit';`,
    max: 16_750,
  },
  {
    what: 'the same with ledger and aggregateTable',
    code: `export { commitOnce } from '@oncefold/middleware'; export { aggregateTable, ledger } from '@oncefold/commit';`,
    max: 19_700,
  },
  { what: 'ledger alone', code: `export { ledger } from '@oncefold/commit';`, max: 3_270 },
  { what: 'requestToken alone', code: `export { requestToken } from '@oncefold/middleware';`, max: 3_050 },
  { what: '@oncefold/commit', code: `export * from '@oncefold/commit';`, max: 20_900 },
  { what: '@oncefold/commit/dynamodb', code: `export * from '@oncefold/commit/dynamodb';`, max: 6_450 },
  { what: '@oncefold/commit/memory', code: `export * from '@oncefold/commit/memory';`, max: 5_060 },
  { what: '@oncefold/commit/powertools', code: `export * from '@oncefold/commit/powertools';`, max: 2_770 },
  { what: '@oncefold/middleware', code: `export * from '@oncefold/middleware';`, max: 15_950 },
  { what: '@oncefold/reducer', code: `export * from '@oncefold/reducer';`, max: 8_090 },
  { what: '@oncefold/request-token', code: `export * from '@oncefold/request-token';`, max: 1_490 },
  {
    what: '@oncefold/kinesis-aggregation',
    code: `export * from '@oncefold/kinesis-aggregation';`,
    max: 1_360,
  },
  {
    what: '@oncefold/event-source-mapping',
    code: `export * from '@oncefold/event-source-mapping';`,
    max: 13_910,
  },
  {
    what: '@oncefold/versioned-upsert',
    code: `export * from '@oncefold/versioned-upsert';`,
    max: 3_690,
  },
  {
    what: '@oncefold/versioned-upsert/dynamodb',
    code: `export * from '@oncefold/versioned-upsert/dynamodb';`,
    max: 5_450,
  },
];

/** Packages that no application needs for a commit, unless it chooses a subpath that is named after them. */
export const forbiddenInCore: RegExp = /^@(aws-sdk|smithy|middy|aws-lambda-powertools)\//;
