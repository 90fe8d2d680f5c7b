import type { InjectedFaults } from '@oncefold/local-runtime';
import type { OutcomeCounts } from '@oncefold/trades';
import type { StageProgress } from '../pipeline/stage-progress.ts';
import type { ComparedSum } from '../sums/compare-sums.ts';

/** What a demonstration came to. */
export type Verdict =
  /** Every sum is exactly right and every message is accounted for. */
  | 'exact'
  /** Everything has been processed, and at least one sum is not what it must be. */
  | 'wrong'
  /** Records were still on their way, or missing from the account, when the time was up. */
  | 'not finished';

/** What one function did, and what it took. */
export interface StageResult extends Omit<StageProgress, 'failedShards'> {
  /** CPU time of all its processes, from their start, in seconds. */
  readonly cpuSeconds: number;
}

/** Everything that a demonstration found. */
export interface DemoResult {
  readonly verdict: Verdict;
  readonly settings: {
    readonly messages: number;
    readonly seed: number;
    readonly faults: string;
    /** How each function commits, by the function's logical id. */
    readonly strategies: Readonly<Record<string, string>>;
    /** Names and versions of the engines that were started here. */
    readonly engines: readonly string[];
  };
  /** What `--fault` asked for; absent when it was not given. */
  readonly injectedFaults?: InjectedFaults;
  /** Every node, and last the count of applied messages. */
  readonly sums: readonly ComparedSum[];
  readonly accounting: OutcomeCounts & {
    readonly sent: number;
    /** Whether the outcomes add up to what was sent. */
    readonly closes: boolean;
    /** Outcomes that what was sent cannot have, each in words; none when all is well. */
    readonly impossible: readonly string[];
  };
  readonly stages: readonly StageResult[];
  readonly time: {
    /** From the start of the command until the first message could be sent, in milliseconds. */
    readonly startMs: number;
    /** From the first put to the last, in milliseconds. */
    readonly sendMs: number;
    /** From the last put until every sum was seen to be exact, in milliseconds; absent when that never came. */
    readonly exactAfterMs: number | undefined;
    /** When the first message was put, in milliseconds since the epoch. */
    readonly firstPutAt: number;
  };
  readonly cpu: {
    /** All functions together, in seconds. */
    readonly functionsSeconds: number;
    /** All functions together, in milliseconds for each message sent. */
    readonly functionsMsPerMessage: number;
    /** This command: it makes and sends the messages and reads the streams, in seconds. */
    readonly commandSeconds: number;
    /** The engines that were started here, in seconds. */
    readonly enginesSeconds: number;
  };
}
