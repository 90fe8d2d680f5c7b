/** One level of the hierarchy and the values that trades take there. */
export interface WorkloadDimension {
  readonly name: string;
  /** 1 or more different texts. */
  readonly values: readonly string[];
}

/** What to make; the same options make the same bytes, on every machine. */
export interface WorkloadOptions {
  /** How many messages in all, repeated and invalid ones included; 1 to 1,000,000. */
  readonly messages: number;
  /** Any 32-bit integer. */
  readonly seed: number;
  /** When the first trade was made, in milliseconds since the epoch; the clock is the caller's. */
  readonly startMilliseconds: number;
  /** Levels from the root down; {@link labDimensions} unless given. */
  readonly dimensions?: readonly WorkloadDimension[];
  /** Messages in one call of PutRecords, 1 to 500; 40 unless given. */
  readonly messagesPerCall?: number;
  /** How many of 100 trade messages change an existing trade, 0 to 90; 3 unless given. */
  readonly changePercent?: number;
  /** How many messages are no trades at all; 0 unless given. They take turns through every way to be invalid. */
  readonly invalid?: number;
  /** How many invalid messages of about 1 MB there are on top, 0 to 3 so that one call can always hold them; 0 unless given. */
  readonly oversized?: number;
  /** How many messages are unusual and yet valid; 0 unless given. They add nodes beyond those of the dimensions. */
  readonly odd?: number;
}

/** What a valid message says about a trade, as the generator meant it: nothing here was read back from the bytes. */
export interface TradeClaim {
  readonly tradeId: string;
  readonly version: number;
  /** The value in units of 10^-12. */
  readonly units: bigint;
  /** Segments from the root down. */
  readonly path: readonly string[];
}

/** Why the message is in the load. */
export type TradeMessageKind =
  /** Version 0 of a trade. */
  | 'new'
  /** Version 1 of a trade. */
  | 'change'
  /** Version 0 again, with another payload, of a trade that has a version 1 elsewhere in the load. */
  | 'older-version'
  /** Version 0 of a trade that is unusual and yet valid. */
  | 'odd';

interface MessageBase {
  /** The bytes of the record. */
  readonly data: Uint8Array;
  /** Spreads the records over shards; equal for equal messages, as the lab's hash of the message is. */
  readonly partitionKey: string;
  /** True for all but the first of equal messages. */
  readonly isRepeat: boolean;
}

/** A message that has to be summed, under the rule that the newest version wins. */
export interface TradeMessage extends MessageBase {
  readonly kind: TradeMessageKind;
  readonly claim: TradeClaim;
}

/** A message that has to be found in quarantine. */
export interface InvalidMessage extends MessageBase {
  readonly kind: 'invalid';
  /** What is wrong with it, such as `value-of-40-digits`. */
  readonly name: string;
  /** The reason that quarantine must give. */
  readonly reason: string;
}

/** One record of the stream. */
export type WorkloadMessage = TradeMessage | InvalidMessage;

/** One call of PutRecords. */
export interface WorkloadCall {
  readonly messages: readonly WorkloadMessage[];
}

/** A load and the levels by which its truth is summed. */
export interface Workload {
  readonly dimensions: readonly WorkloadDimension[];
  readonly calls: readonly WorkloadCall[];
}

/** Says that a load or its truth cannot be made as asked. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';
  readonly code: 'bad-option' | 'undecided';

  constructor(code: WorkloadError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
