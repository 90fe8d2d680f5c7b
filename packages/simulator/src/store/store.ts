import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB's own interface writes it. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

/** A table of the simulated store. */
export interface TableDefinition {
  readonly name: string;
  /** Names of the key attributes: the partition key, and the sort key where there is one. */
  readonly key: readonly [string] | readonly [string, string];
  /** Their types; absent: the first key that is used decides. */
  readonly keyTypes?: readonly ('S' | 'N' | 'B')[];
  /** What its stream tells; absent: it has none. */
  readonly stream?: 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';
  /** Shards of its stream at the start, one for each partition of the table; absent: 1. */
  readonly shards?: number;
  /** Attribute with seconds since the epoch after which an item may be deleted. */
  readonly timeToLive?: string;
}

/** One item that has become another one. */
export interface ItemChange {
  readonly table: TableDefinition;
  readonly key: AttributeMap;
  readonly oldImage: AttributeMap | undefined;
  readonly newImage: AttributeMap | undefined;
  /** It was deleted by time to live. */
  readonly isExpiry: boolean;
}

/** How often a request is hindered in part: which of its members, by index, are throttled. */
export type MemberThrottle = (index: number) => boolean;

/**
 * A request that has reached the store and is being processed.
 *
 * A transaction holds its items from its begin to its end: another write on one of them meets a conflict, the same token is
 * answered by "in progress". Everything else is decided when it is finished.
 */
export interface Execution<Answer> {
  /** Processes the request and says what it is answered by; what a client would throw is thrown. Called at most once. */
  finish(): Answer;
  /** Gives up the items without writing; for a request that the store itself drops. */
  abandon(): void;
}

/** A request in the dialect of one client: how it is processed, and how it is answered when it is not. */
export interface StoreRequest<Answer> {
  /** For people: what is asked for, for example `TransactWriteItems, 3 actions`. */
  readonly summary: string;
  /** Items that it writes or reads, by table and key text; for the timeline. */
  readonly items: readonly string[];
  /** Number of members that can fail alone; 0 where it succeeds or fails as a whole. */
  readonly members: number;
  /** Starts processing it. */
  begin(throttle?: MemberThrottle): Execution<Answer>;
  /** What the client sees when the store has not processed it, or its answer was lost; what a client would throw is thrown. */
  readonly failures: {
    /** Nothing was written. */
    readonly throttled: () => Answer;
    /** A transaction conflict; nothing was written. Only for writes. */
    readonly conflict: () => Answer;
    /** A server error: whether it was written is unknown. */
    readonly serverError: () => Answer;
    /** No answer within the client's own time limit. */
    readonly timeout: () => Answer;
    /** An answer that cannot be read: a gateway's HTML page, a body that was cut off. */
    readonly unreadable: () => Answer;
  };
}
