import type { Identity } from '@oncefold/request-token';
import type { InvalidTradeReason, Trade } from '@oncefold/trades';
import type { RecordPlace } from './applied-marks.ts';

/** What a record says. */
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

/** What names a record and its place, and its bytes. */
interface RawRecord {
  readonly identity: Identity;
  /** The identity as one text. */
  readonly recordKey: string;
  /** How release 0.1.0 names the record; absent where it cannot have read it, and for user records. */
  readonly formerRecordKey: string | undefined;
  readonly shard: Shard;
  readonly place: RecordPlace;
  /** As the event source mapping wants it back; user records of one Kinesis record have the same. */
  readonly sequenceNumber: string;
  /** Sequence number and sub-sequence number as text of fixed width, so that text order is the order of the shard. */
  readonly position: string;
  /** Raw bytes as they arrived. */
  readonly bytes: Uint8Array;
}

/** One record of the stream: a Kinesis record, or a user record that the Kinesis Producer Library packed into one. */
export type StreamRecord = RawRecord & RecordContent;

/** A record that brings a version of a trade. */
export type ValidRecord = Extract<StreamRecord, { readonly code: 'valid' }>;

/** A shard, as identities and marks name it. */
export interface Shard {
  readonly id: string;
  readonly key: string;
  /** How release 0.1.0 names the shard's account; absent where it cannot have one. */
  readonly formerKey: string | undefined;
  readonly hash: string;
}
