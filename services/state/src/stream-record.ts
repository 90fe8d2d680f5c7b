import type { Identity } from '@oncefold/request-token';
import type { InvalidTradeReason, Trade } from '@oncefold/trades';
import type { AccountKeys } from './accounting-store.ts';
import type { RecordNames } from './compare-version.ts';

export type RecordContent =
  | { readonly code: 'valid'; readonly trade: Trade }
  | {
      readonly code: 'invalid';
      readonly reason: InvalidTradeReason | 'not-utf-8' | 'broken-aggregate' | 'oversized-aggregate';
      /** Name of the field that is wrong, or what is wrong with an aggregate; absent where the whole record is. */
      readonly detail?: string;
      /** The trade of which it brings a version, where nothing but a configured dimension refuses it. */
      readonly tradeId?: string;
    };

/** What names a record and its position, and its bytes. */
interface RawRecord extends RecordNames {
  readonly identity: Identity;
  readonly shard: Shard;
  /** As the event source mapping wants it back; user records of one Kinesis record have the same. */
  readonly sequenceNumber: string;
  /** Sequence number and sub-sequence number as text of fixed width, so that text order is the order of the shard. */
  readonly position: string;
  /** Raw bytes as they arrived. */
  readonly bytes: Uint8Array;
}

/** One record of the stream: a Kinesis record, or a user record that the Kinesis Producer Library packed into one. */
export type StreamRecord = RawRecord & RecordContent;

export interface Shard extends AccountKeys {
  readonly id: string;
  /** Names the shard in histories of trades. */
  readonly hash: string;
}
