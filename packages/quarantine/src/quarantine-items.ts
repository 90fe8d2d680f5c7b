/** Most bytes of a payload in one item: DynamoDB takes 400 KB with the other attributes, a record may be larger. */
export const PART_BYTES_MAX = 350_000;

/** A record that cannot be folded. */
export interface QuarantinedRecord {
  /** Where the record came from and stands: a redelivery has the same place and writes the same items again. */
  readonly source: string;
  /** The name under which the function consumes the stream. */
  readonly consumer: string;
  /** A literal that says what is wrong. */
  readonly reason: string;
  /** Name of the field that is wrong, or empty; never a value from the record. */
  readonly detail: string;
  /** Raw bytes as they arrived. */
  readonly payload: Uint8Array;
}

/** One item of the quarantine table, in the notation of DynamoDB, parted into its key and the rest. */
export interface QuarantineItem {
  readonly key: { readonly Source: { readonly S: string }; readonly Part: { readonly N: string } };
  readonly attributes: {
    readonly Parts: { readonly N: string };
    readonly Consumer: { readonly S: string };
    readonly Reason: { readonly S: string };
    readonly Detail: { readonly S: string };
    readonly Payload: { readonly B: Uint8Array };
  };
}

/**
 * Lays a record out as items of the quarantine table.
 *
 * The bytes are kept whole: a record that is too large for one item is parted, and its parts in the order of `Part` are the
 * record again.
 *
 * @param record - the record, of any size.
 * @returns one item per started 350,000 bytes, at least one.
 */
export function quarantineItems(record: QuarantinedRecord): readonly QuarantineItem[] {
  const parts = Math.max(1, Math.ceil(record.payload.byteLength / PART_BYTES_MAX));
  return Array.from({ length: parts }, (_, part) => ({
    key: { Source: { S: record.source }, Part: { N: String(part) } },
    attributes: {
      Parts: { N: String(parts) },
      Consumer: { S: record.consumer },
      Reason: { S: record.reason },
      Detail: { S: record.detail },
      Payload: { B: record.payload.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX) },
    },
  }));
}
