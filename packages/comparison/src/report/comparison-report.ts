import type { StrategyCode } from '@oncefold/commit';

/**
 * The result document of `oncefold compare`: everything that was found out, and all that is needed to judge it.
 *
 * It is plain JSON. Amounts are exact decimals as canonical text (no exponent, no trailing zeros), never numbers.
 * A field that was not measured is absent; nothing stands here that was not measured or is not marked as an assumption.
 */
export interface ComparisonReport {
  /** Changes when a reader of this document has to change. */
  readonly format: 'oncefold-compare/2';
  /** When the run began: ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: ComparisonVerdict;
  readonly parameters: ComparisonParameters;
  readonly versions: ComparisonVersions;
  readonly machine: ComparisonMachine;
  /** Which engine gave which figures. */
  readonly engines: readonly EngineUse[];
  /** What is modelled, computed or assumed rather than measured: whole sentences, to be shown as they are. */
  readonly modelled: readonly string[];
  /** What the strategies worked on; one for each stage and number of transactions that ran. */
  readonly inputs: readonly StageInputDescription[];
  /** How many transactions a batch needs in the cells that ran: for each stage and each of these the report has a matrix. */
  readonly transactions: readonly TransactionsDescription[];
  /** The strategies that ran, in the order of the report's rows. */
  readonly strategies: readonly StrategyDescription[];
  /** The faults that ran, in the order of the report's columns; `none` is the control. */
  readonly faults: readonly FaultDescription[];
  /** One for each cell that ran: by stage, then transactions, then strategy, then fault, in the orders above. */
  readonly cells: readonly Cell[];
  /** Without faults; empty when overhead was not asked for. By stage, then batch size, then strategy. */
  readonly overheads: readonly Overhead[];
  readonly price: Price;
  /** From the overheads and the price. In the order of the overheads. */
  readonly costs: readonly Cost[];
}

/**
 * - `kept`: every strategy that promises exactness was exact in every cell.
 * - `broken`: one was not.
 * - `incomplete`: a cell could not be judged, and no promise was seen to be broken.
 */
export type ComparisonVerdict = 'kept' | 'broken' | 'incomplete';

/** The stage whose function was run. */
export type StageCode = 'reduce' | 'map';

/** How many transactions a batch needs, because of the aggregates that its records add to. */
export type TransactionsCode = 'one' | 'several';

/** What was done to the deliveries, the requests or the processes. */
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

/** What the run was asked to do: with the same parameters, input and faults are the same again. */
export interface ComparisonParameters {
  /** 0 to 2,147,483,647. */
  readonly seed: number;
  /** Trade messages from which the input of both stages is made. */
  readonly messages: number;
  readonly quick: boolean;
  readonly stages: readonly StageCode[];
  readonly transactions: readonly TransactionsCode[];
  readonly strategies: readonly StrategyCode[];
  readonly faults: readonly FaultCode[];
}

/** Versions of what was run. */
export interface ComparisonVersions {
  readonly oncefold: string;
  readonly node: string;
  /** By package name, such as `@aws-lambda-powertools/idempotency`. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** The machine that the run was made on. */
export interface ComparisonMachine {
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Such as `linux x64`. */
  readonly platform: string;
}

/** An engine and what it was used for. */
export interface EngineUse {
  /** Such as `dynamodb-local`. */
  readonly name: string;
  readonly version: string;
  /** A phrase, such as `cells and latency` or `capacity units`. */
  readonly usedFor: string;
}

/** What all cells of one stage and one number of transactions were given. */
export interface StageInputDescription {
  readonly stage: StageCode;
  readonly transactions: TransactionsCode;
  /** What one record is: a phrase such as `change of a trade`. */
  readonly recordIs: string;
  readonly records: number;
  /** Batches when nothing is delivered again. */
  readonly batches: number;
  /** Aggregates that the input adds to, `message_count` among them. */
  readonly nodes: number;
  /** What the leaves of the hierarchy add up to. */
  readonly total: string;
}

/** A matrix of the report, together with a stage. */
export interface TransactionsDescription {
  readonly code: TransactionsCode;
  readonly title: string;
  /** One or two sentences: what the batches are like, and who processes them. */
  readonly description: string;
}

/** A row of the report. */
export interface StrategyDescription {
  readonly code: StrategyCode;
  readonly title: string;
  /** One sentence: what guards the commit. */
  readonly guard: string;
  /** Whether it promises to be exact under every fault of this report; a cell that is not then breaks the promise. */
  readonly promisesExactness: boolean;
}

/** A column of the report. */
export interface FaultDescription {
  readonly code: FaultCode;
  readonly title: string;
  /** One or two sentences: what exactly is done, in the order in which it is done. */
  readonly description: string;
}

/** Names a cell. */
export interface CellName {
  readonly stage: StageCode;
  readonly transactions: TransactionsCode;
  readonly strategy: StrategyCode;
  readonly fault: FaultCode;
}

/** One strategy under one fault in one stage, with batches of one kind. */
export type Cell = JudgedCell | FailedCell;

/** What can be said of a cell in any case. */
export interface CellBase extends CellName {
  /** The command that runs this cell alone, with the same input and the same faults. */
  readonly replay: string;
  readonly durationMs: number;
  /** How often the cell was begun anew because something failed that was not planned; 0 on a quiet machine. */
  readonly disturbances: number;
}

/** A cell whose fault happened and whose sums were compared. */
export interface JudgedCell extends CellBase {
  /** `exact`: every aggregate equals the truth to the last digit. */
  readonly outcome: 'exact' | 'wrong';
  /** What DESIGN says of this strategy and fault, made before the run. */
  readonly expectation: Expectation;
  /** Whether {@link JudgedCell.outcome} is the expected one. */
  readonly asExpected: boolean;
  readonly difference: Difference;
  readonly effort: Effort;
  /** What was done to this cell, in order. Never empty, except in the control. */
  readonly faultsHappened: readonly FaultHappened[];
}

/** A cell that could not be judged: its fault did not happen, or a batch never got through. It is never a pass. */
export interface FailedCell extends CellBase {
  readonly outcome: 'failed';
  readonly failure: { readonly code: CellFailureCode; readonly message: string };
}

/**
 * - `fault-missing`: a planned fault did not happen.
 * - `not-through`: a batch did not succeed within the limit of attempts and time.
 * - `function-broken`: the function could not be started.
 * - `disturbed`: something failed that was not planned, such as an invocation that ran out of time on a busy machine.
 */
export type CellFailureCode = 'fault-missing' | 'not-through' | 'function-broken' | 'disturbed';

/** What is known beforehand about a cell. */
export interface Expectation {
  readonly outcome: 'exact' | 'wrong';
  /** One sentence. */
  readonly why: string;
}

/**
 * How far the aggregates are from the truth.
 *
 * Amounts are summed over the leaves of the hierarchy, so that no amount counts once per level. Where a batch was
 * delivered under two versions of the arithmetic, each record may count by either; the difference is then taken to the
 * nearest of the allowed truths.
 */
export interface Difference {
  /** Sum over the leaves that hold too much: what was counted more than once. `0` when exact. */
  readonly duplicated: string;
  /** Sum over the leaves that hold too little, without a sign: what was never counted, or a retraction counted twice. */
  readonly lost: string;
  /** `message_count` minus its truth: changes counted too often (positive) or not at all (negative). */
  readonly messageCount: string;
  /** How many aggregates differ, of how many. */
  readonly nodesWrong: number;
  readonly nodes: number;
  /** Every aggregate that differs, by name. */
  readonly byNode: readonly NodeDifference[];
}

/** One aggregate that differs. */
export interface NodeDifference {
  readonly node: string;
  readonly expected: string;
  readonly actual: string;
  /** `actual` minus `expected`, with a minus sign where too little stands. */
  readonly difference: string;
}

/** What a cell took. Latency in a cell is that of a machine that may run another cell beside it. */
export interface Effort {
  /** Invocations of the function, failed ones and redeliveries included. */
  readonly invocations: number;
  /** Invocations that failed and were tried again. */
  readonly retries: number;
  /** Processes of the function that were started. */
  readonly processes: number;
  /** Requests that the function sent to DynamoDB, rejected and repeated ones included. */
  readonly requests: number;
  /** The same by operation, such as `TransactWriteItems`. */
  readonly requestsByOperation: Readonly<Record<string, number>>;
  readonly units: Units;
  /** From the first delivery of a batch until it had succeeded the first time, over all batches. */
  readonly settleMs: Spread;
  /** Median of {@link Effort.settleMs} minus that of the same strategy's control; absent when the control did not run. */
  readonly addedMs?: number;
}

/** Capacity units of requests that DynamoDB answered with success, and where the figures come from. */
export interface Units {
  readonly read: number;
  readonly write: number;
  readonly source: UnitSource;
}

/**
 * - `engine`: the engine's own ConsumedCapacity, from an engine that was checked to count as DynamoDB documents.
 * - `computed`: by DynamoDB's documented rules from the requests that were sent.
 */
export type UnitSource = 'engine' | 'computed';

/** A distribution, in milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

/** One thing that was done to a cell. */
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
  /** How often, where one scenario of it is several rejections. */
  readonly times: number;
}

/** What one batch takes without faults. */
export interface Overhead {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  /** Records in one batch. */
  readonly batchSize: number;
  /** Batches that were measured, after those for warming up. */
  readonly batches: number;
  /** Requests to DynamoDB per batch. */
  readonly requestsPerBatch: number;
  /** Commits per batch: more than one where a batch does not fit into a transaction. */
  readonly commitsPerBatch: number;
  readonly unitsPerBatch: Units;
  /** Latency of one batch, from the invocation to its answer. */
  readonly latencyMs: Spread;
  /** Median over the rounds of latency divided by that of `none` in the same round; absent when `none` did not run. */
  readonly latencyRatio?: number;
  /** Median over the rounds of latency minus that of `none` in the same round, in milliseconds; as above. */
  readonly addedMs?: number;
}

/** A published price, taken as given. */
export interface Price {
  readonly region: string;
  readonly usdPerMillionWriteUnits: number;
  readonly usdPerMillionReadUnits: number;
  /** Where the price is published. */
  readonly source: string;
  /** Since when it is in force: ISO 8601 date. */
  readonly validSince: string;
}

/** DynamoDB's requests alone, computed from measured or computed units and the price; no Lambda, no storage. */
export interface Cost {
  readonly stage: StageCode;
  readonly strategy: StrategyCode;
  readonly batchSize: number;
  /** US dollars for a million records of this stage, the effect's own writes included. In the map stage a record is a message. */
  readonly usdPerMillionRecords: number;
  /** Of it what the guard takes: the difference to `none`; absent when `none` did not run. */
  readonly guardUsdPerMillionRecords?: number;
}
