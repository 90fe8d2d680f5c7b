import { type Identity, identityKey } from '@oncefold/request-token';

/** Most bytes of a payload in part 0: 100 such parts fit into one transaction of DynamoDB (4 MB) with room to spare. */
export const HEAD_BYTES_MAX = 16_384;

/** Most bytes of a payload in any other part: DynamoDB takes 400 KB an item, with its key. */
export const PART_BYTES_MAX = 350_000;

/** Longest record id that is kept as text for an operator, in UTF-16 code units; the key holds the identity in any case. */
const RECORD_ID_LENGTH_MAX = 1_024;

/** Why a record is quarantined. */
export interface Refusal {
  /** A literal that says what is wrong. */
  readonly reason: string;
  /** Name of the field that is wrong, or a literal that says more; empty, and never a value from the record. */
  readonly detail: string;
}

export interface QuarantinedRecord extends Refusal {
  /** Names the record for ever, so that a redelivery writes the same items again. */
  readonly identity: Identity;
  /** Raw bytes as they arrived. */
  readonly payload: Uint8Array;
}

type Text = { readonly S: string };
type Numeric = { readonly N: string };

/** One item of the quarantine table: the next bytes of a payload; the attributes are in the notation of DynamoDB. */
export interface QuarantineItem {
  /** `Source` is the record's identity as one text. */
  readonly key: { readonly Source: Text; readonly Part: Numeric };
  readonly attributes: { readonly Payload: { readonly B: Uint8Array } };
}

/** Part 0: the beginning of the payload, and what there is to know about the record. */
export interface QuarantineHead extends QuarantineItem {
  readonly attributes: QuarantineItem['attributes'] & {
    readonly Namespace: Text;
    readonly Consumer: Text;
    /** The stream that the record came from. */
    readonly Origin: Text;
    readonly RecordId: Text;
    readonly Reason: Text;
    readonly Detail: Text;
    /** Number of parts, this one included. */
    readonly Parts: Numeric;
    /** Size of the whole payload. */
    readonly Bytes: Numeric;
  };
}

/**
 * Lays a record out as items of the quarantine table.
 *
 * The bytes are kept whole: the payloads of the parts in the order of `Part` are the record. Each item is a plain put
 * that may be repeated. A writer that cannot write all of them at once writes part 0 last: it says how many parts and
 * bytes there are, so that a record without it is known to be incomplete.
 *
 * @param record - of any size
 * @returns part 0, and as many further parts of at most 350,000 bytes as its payload needs
 */
export function quarantineItems(
  record: QuarantinedRecord,
): readonly [QuarantineHead, ...(readonly QuarantineItem[])] {
  const { identity, payload } = record;
  const source = { S: identityKey(identity) };
  const rest = payload.subarray(HEAD_BYTES_MAX);
  const parts = Array.from(
    { length: Math.ceil(rest.byteLength / PART_BYTES_MAX) },
    (_, index): QuarantineItem => ({
      key: { Source: source, Part: { N: String(index + 1) } },
      attributes: { Payload: { B: rest.subarray(index * PART_BYTES_MAX, (index + 1) * PART_BYTES_MAX) } },
    }),
  );
  const head: QuarantineHead = {
    key: { Source: source, Part: { N: '0' } },
    attributes: {
      Namespace: { S: identity.namespace },
      Consumer: { S: identity.consumer },
      Origin: { S: identity.source },
      RecordId: { S: identity.id.slice(0, RECORD_ID_LENGTH_MAX).toWellFormed() },
      Reason: { S: record.reason },
      Detail: { S: record.detail },
      Parts: { N: String(parts.length + 1) },
      Bytes: { N: String(payload.byteLength) },
      Payload: { B: payload.subarray(0, HEAD_BYTES_MAX) },
    },
  };
  return [head, ...parts];
}
