import type { StrategyCode } from '@oncefold/commit';

/**
 * The result document of `oncefold compare`: all results, and all that is needed to judge them.
 *
 * It is plain JSON. Amounts are exact decimals as canonical text (no exponent, no trailing zeros), never numbers.
 * A field that was not measured is absent; what is assumed is marked as an assumption.
 */
export interface ComparisonReport {
  /** A new number where readers of this document have to change. */
  readonly format: 'oncefold-compare/2';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: ComparisonVerdict;
  readonly parameters: ComparisonParameters;
  readonly versions: ComparisonVersions;
  readonly machine: ComparisonMachine;
  readonly engines: readonly EngineUse[];
  /** What is modelled, computed or assumed, not measured: whole sentences. */
  readonly modelled: readonly string[];
  /** One for each stage and number of transactions that ran. */
  readonly inputs: readonly StageInputDescription[];
  /** The numbers of transactions per batch that ran; the report has a matrix for each stage and each of these. */
  readonly transactions: readonly TransactionsDescription[];
  /** The strategies that ran, in the order of the report's rows. */
  readonly strategies: readonly StrategyDescription[];
  /** The faults that ran, in the order of the report's columns; `none` is the control. */
  readonly faults: readonly FaultDescription[];
  /** One for each cell that ran: by stage, then transactions, then strategy, then fault, in the orders above. */
  readonly cells: readonly Cell[];
  /** Costs of a batch without faults, by stage, then batch size, then strategy; empty if they were not measured. */
  readonly overheads: readonly Overhead[];
  readonly price: Price;
  /** From the overheads and the price, in the order of the overheads. */
  readonly costs: readonly Cost[];
}

/**
 * - `kept`: every strategy that promises exactness was exact in every cell.
 * - `broken`: one was not.
 * - `incomplete`: a cell has no result, and no broken promise was found.
 */
export type ComparisonVerdict = 'kept' | 'broken' | 'incomplete';

export type StageCode = 'reduce' | 'map';

/** How many transactions a batch needs for the aggregates that its records add to. */
export type TransactionsCode = 'one' | 'several';

/** What happens to deliveries, requests or processes. */
export type FaultCode =
  | 'none'
  | 'same-batch'
  | 'crash'
  | 'reply-lost'
  | 'token-window'
  | 'regrouped'
  | 'two-pollers'
  | 'zombie'
  | 'throttling'
  | 'changed-arithmetic'
  | 'everything';

/** With the same parameters, input and faults are the same. */
export interface ComparisonParameters {
  /** 0 to 2,147,483,647. */
  readonly seed: number;
  /** Trade messages from which the inputs are made. */
  readonly messages: number;
  readonly quick: boolean;
  readonly stages: readonly StageCode[];
  readonly transactions: readonly TransactionsCode[];
  readonly strategies: readonly StrategyCode[];
  readonly faults: readonly FaultCode[];
}

export interface ComparisonVersions {
  readonly oncefold: string;
  readonly node: string;
  /** By package name, such as `@aws-lambda-powertools/idempotency`. */
  readonly libraries: Readonly<Record<string, string>>;
}

export interface ComparisonMachine {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Such as `linux x64`. */
  readonly platform: string;
}

export interface EngineUse {
  /** Such as `dynamodb-local`. */
  readonly name: string;
  readonly version: string;
  /** A phrase, such as `cells and overheads`. */
  readonly usedFor: string;
}

/** The input of all cells of one stage and one number of transactions. */
export interface StageInputDescription {
  readonly stage: StageCode;
  readonly transactions: TransactionsCode;
  /** A phrase, such as `change of a trade`. */
  readonly recordIs: string;
  readonly records: number;
  /** Without redeliveries. */
  readonly batches: number;
  /** Aggregates that the input adds to, `message_count` among them. */
  readonly nodes: number;
  /** Sum of the leaves of the hierarchy. */
  readonly total: string;
}

export interface TransactionsDescription {
  readonly code: TransactionsCode;
  readonly title: string;
  /** Sentences about the batches and the processes that receive them. */
  readonly description: string;
}

export interface StrategyDescription {
  readonly code: StrategyCode;
  readonly title: string;
  /** One sentence: what guards the commit. */
  readonly guard: string;
  /** Whether it promises to be exact under every fault of this report. */
  readonly promisesExactness: boolean;
}

export interface FaultDescription {
  readonly code: FaultCode;
  readonly title: string;
  /** Sentences: what happens, in order. */
  readonly description: string;
}

export interface CellName {
  readonly stage: StageCode;
  readonly transactions: TransactionsCode;
  readonly strategy: StrategyCode;
  readonly fault: FaultCode;
}

/** The outcome of one strategy under one fault in one stage. */
export type Cell = JudgedCell | FailedCell;

export interface CellBase extends CellName {
  /** The command that runs this cell alone, with the same input and the same faults. */
  readonly replay: string;
  readonly durationMs: number;
  /** How often the cell started again after a failure that was not planned; 0 on a quiet machine. */
  readonly disturbances: number;
}

/** A cell whose fault happened and whose sums were compared. */
export interface JudgedCell extends CellBase {
  /** `exact`: every aggregate equals the truth to the last digit. */
  readonly outcome: 'exact' | 'wrong';
  /** Predicted by the design, independently of the run. */
  readonly expectation: Expectation;
  /** Whether {@link JudgedCell.outcome} is the expected one. */
  readonly asExpected: boolean;
  readonly difference: Difference;
  readonly effort: Effort;
  /** The faults that happened, in order; never empty except in the control. */
  readonly faultsHappened: readonly FaultHappened[];
}

/** A cell without a result: it never counts as a pass. */
export interface FailedCell extends CellBase {
  readonly outcome: 'failed';
  readonly failure: { readonly code: CellFailureCode; readonly message: string };
}

/**
 * - `fault-missing`: a planned fault did not happen.
 * - `not-through`: a batch did not succeed within the limits of attempts and time.
 * - `function-broken`: the function could not be started.
 * - `disturbed`: something failed that was not planned, such as an invocation that ran out of time on a busy machine.
 */
export type CellFailureCode = 'fault-missing' | 'not-through' | 'function-broken' | 'disturbed';

export interface Expectation {
  readonly outcome: 'exact' | 'wrong';
  /** One sentence. */
  readonly why: string;
}

/**
 * How far the aggregates are from the truth.
 *
 * Amounts are summed over the leaves of the hierarchy, so that no amount counts once per level. Where a batch was
 * delivered under two versions of the arithmetic, each record may count by either; the difference is then to the nearest
 * valid truth.
 */
export interface Difference {
  /** Sum over the leaves that are too large: what was counted more than once. `0` when exact. */
  readonly duplicated: string;
  /** Sum over the leaves that are too small, without a sign: what was never counted, or a retraction counted twice. */
  readonly lost: string;
  /** `message_count` minus its truth: changes counted too often (positive) or not at all (negative). */
  readonly messageCount: string;
  /** How many of {@link Difference.nodes} aggregates differ. */
  readonly nodesWrong: number;
  readonly nodes: number;
  /** Sorted by name. */
  readonly byNode: readonly NodeDifference[];
}

export interface NodeDifference {
  readonly node: string;
  readonly expected: string;
  readonly actual: string;
  /** `actual` minus `expected`. */
  readonly difference: string;
}

/** What a cell cost. Its latency includes the effect of other cells that run at the same time. */
export interface Effort {
  /** Invocations of the function, failed ones and redeliveries included. */
  readonly invocations: number;
  /** Failed invocations that were repeated. */
  readonly retries: number;
  readonly processes: number;
  /** Requests to DynamoDB, rejected and repeated ones included. */
  readonly requests: number;
  /** By operation, such as `TransactWriteItems`. */
  readonly requestsByOperation: Readonly<Record<string, number>>;
  readonly units: Units;
  /** Over all batches: from the first delivery of a batch to its first success. */
  readonly settleMs: Spread;
  /** Median of {@link Effort.settleMs} minus that of the same strategy's control; absent when the control did not run. */
  readonly addedMs?: number;
}

/** Capacity units of successful requests. */
export interface Units {
  readonly read: number;
  readonly write: number;
  readonly source: UnitSource;
}

/**
 * - `engine`: ConsumedCapacity of an engine that was checked against DynamoDB's documented rules.
 * - `computed`: from the requests, by DynamoDB's documented rules.
 */
export type UnitSource = 'engine' | 'computed';

/** A distribution, in milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

export interface FaultHappened {
  readonly kind:
    | 'redelivered'
    | 'killed'
    | 'reply-dropped'
    | 'tokens-expired'
    | 'split'
    | 'merged'
    | 'delivered-twice-at-once'
    | 'write-held-and-released'
    | 'throttled'
    | 'conflict'
    | 'server-error'
    | 'arithmetic-changed';
  /** Number of the batch in the input, from 0. */
  readonly batch: number;
  /** More than 1 where one scenario causes several rejections or expires several tokens. */
  readonly times: number;
}

/** The cost of one batch without faults. */
export interface Overhead {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  readonly batchSize: number;
  /** Measured batches, without those for warming up. */
  readonly batches: number;
  readonly requestsPerBatch: number;
  /** More than one where a batch does not fit into a transaction. */
  readonly commitsPerBatch: number;
  readonly unitsPerBatch: Units;
  /** From the invocation to its response. */
  readonly latencyMs: Spread;
  /** Median over the rounds of latency divided by that of `none` in the same round; absent when `none` did not run. */
  readonly latencyRatio?: number;
  /** Median over the rounds of latency minus that of `none` in the same round, in milliseconds; as above. */
  readonly addedMs?: number;
}

/** A published price. */
export interface Price {
  readonly region: string;
  readonly usdPerMillionWriteUnits: number;
  readonly usdPerMillionReadUnits: number;
  readonly source: string;
  /** ISO 8601 date. */
  readonly validSince: string;
}

/** The cost of DynamoDB's requests alone, from units and price; no Lambda, no storage. */
export interface Cost {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  readonly batchSize: number;
  /** US dollars for a million records of this stage, the effect's own writes included. In the map stage a record is a message. */
  readonly usdPerMillionRecords: number;
  /** The part of the guard: the difference to `none`; absent when `none` did not run. */
  readonly guardUsdPerMillionRecords?: number;
}
