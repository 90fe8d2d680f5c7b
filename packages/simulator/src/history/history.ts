import type { FaultId } from '../faults/fault-plan.ts';

/** Something that a client of Lambda, the streams or DynamoDB could have seen, or that it caused. `at`: virtual milliseconds. */
export type HistoryEvent = { readonly at: number } & EventBody;

export type EventBody =
  /** A producer put a record into a stream. */
  | {
      readonly type: 'record-put';
      readonly stream: string;
      readonly shard: string;
      readonly sequenceNumber: string;
      /** The record's name in the load. */
      readonly label: string;
    }
  /** Another program has written an item; not done: there was nothing to write to. */
  | {
      readonly type: 'foreign-write';
      readonly table: string;
      readonly label: string;
      readonly isDone: boolean;
      /** What it has made of what, where it reads before it writes. */
      readonly change?: {
        readonly before?: ObservedItem | undefined;
        readonly after?: ObservedItem | undefined;
      };
    }
  /** Somebody has started a program, for the n-th time. */
  | {
      readonly type: 'program-started';
      readonly program: string;
      readonly sandbox: string;
      readonly attempt: number;
    }
  | {
      readonly type: 'program-ended';
      readonly program: string;
      readonly sandbox: string;
      readonly result: 'succeeded' | 'failed' | 'crashed';
      /** What it tells at its end, or the error's name and message. */
      readonly text: string;
    }
  | { readonly type: 'shards-changed'; readonly stream: string; readonly text: string }
  /** A poller reads a stream for a mapping, from its checkpoints. */
  | { readonly type: 'poller-started'; readonly poller: string; readonly text: string }
  | { readonly type: 'poller-stopped'; readonly poller: string }
  | {
      readonly type: 'checkpoint-moved';
      readonly poller: string;
      readonly shard: string;
      readonly sequenceNumber: string;
    }
  | {
      readonly type: 'invocation-started';
      readonly invocation: number;
      readonly function: string;
      readonly sandbox: string;
      readonly isCold: boolean;
      /** The poller that brings the batch, or the process of a program that has invoked the function. */
      readonly poller: string;
      /** Empty for a program's invocation. */
      readonly shard: string;
      /** The records of the batch, by their labels. */
      readonly records: readonly string[];
      readonly attempt: number;
      readonly isRedelivery: boolean;
    }
  | {
      readonly type: 'invocation-ended';
      readonly invocation: number;
      readonly sandbox: string;
      readonly result: 'succeeded' | 'failed' | 'timed-out' | 'crashed' | 'throttled';
      /** The error's name and message; empty for a success. */
      readonly error: string;
    }
  /** Records that the mapping has given up. */
  | {
      readonly type: 'records-discarded';
      readonly poller: string;
      readonly condition: string;
      readonly records: readonly string[];
    }
  | {
      readonly type: 'request-sent';
      readonly request: number;
      readonly sandbox: string;
      readonly summary: string;
      readonly items: readonly string[];
    }
  /** DynamoDB has processed it. No client sees this; it is for the timeline, and no checker reads it. */
  | { readonly type: 'request-landed'; readonly request: number; readonly outcome: string }
  /** An item is another one than before; likewise for the timeline only. */
  | { readonly type: 'item-changed'; readonly table: string; readonly item: string; readonly text: string }
  | { readonly type: 'reply-received'; readonly request: number; readonly outcome: string }
  | { readonly type: 'deployed'; readonly function: string; readonly version: number; readonly text: string }
  | { readonly type: 'fault'; readonly fault: FaultId; readonly target: string }
  | { readonly type: 'faults-stopped' }
  /** An observer has read tables, each as it was at one moment. */
  | { readonly type: 'observed'; readonly tables: Readonly<Record<string, readonly ObservedItem[]>> }
  /** Nothing is left to do. `stuck`: what is not done although nothing fails any more; empty where all is done. */
  | { readonly type: 'ended'; readonly stuck: readonly string[] };

/** An item that an observer has read: every attribute as text. */
export type ObservedItem = Readonly<Record<string, string>>;

/** What happened, in the order of time. */
export type History = readonly HistoryEvent[];

/** What is wrong with a history. */
export interface Violation {
  /**
   * - `lost`, `doubled`: a record that counts too little or too often.
   * - `wrong`: a sum that no number of records explains.
   * - `torn`: a parent that is not the sum of its children.
   * - `regressed`: a position or a version that went back.
   * - `unaccounted`: outcomes that do not add up to what was sent.
   * - `stuck`: something that is never done.
   */
  readonly kind: 'lost' | 'doubled' | 'wrong' | 'torn' | 'regressed' | 'unaccounted' | 'stuck';
  /** In words. */
  readonly text: string;
  /** Labels of the records concerned. */
  readonly records: readonly string[];
  /** Index in the history of the event that shows it. */
  readonly event: number;
}
