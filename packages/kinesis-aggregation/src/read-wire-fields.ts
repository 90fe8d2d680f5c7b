/** A field of a protobuf message: its number, and its value as far as it is read. */
export type WireField =
  | { readonly wireType: 'varint'; readonly number: number; readonly value: number }
  | { readonly wireType: 'bytes'; readonly number: number; readonly value: Uint8Array }
  | { readonly wireType: 'fixed'; readonly number: number };

/** The wire types of the fields that a message is known to have, by field number. */
export type MessageShape = Readonly<Record<number, WireField['wireType']>>;

const VARINT_BYTES_MAX = 10;
/** The tenth byte of a varint holds only the highest of 64 bits. */
const LAST_VARINT_BYTE_MAX = 1;
const TAG_MAX = 0xffff_ffff;
/** A tag is the field's number times eight, plus the wire type; there is no field 0. */
const TAG_MIN = 8;

/**
 * Reads the fields of one protobuf message, in the order of the bytes.
 *
 * It runs once over the bytes and copies none of them. Fields that the shape does not name are read like the others,
 * whatever their wire type, so that a later version of the format stays readable. A varint beyond 2^53 loses digits, which no caller can tell
 * from an index that is too large. Groups are refused: proto2 has deprecated them and no producer writes them here.
 * See https://protobuf.dev/programming-guides/encoding/.
 *
 * @param bytes - one whole message
 * @param shape - what is known of the message; a field of another wire type makes it unreadable
 * @returns the fields, or nothing where the bytes are no message
 */
export function readWireFields(bytes: Uint8Array, shape: MessageShape): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset);
    if (tag === undefined || tag.value < TAG_MIN || tag.value > TAG_MAX) {
      return undefined;
    }
    const number = Math.floor(tag.value / 8);
    const read = readValue(bytes, tag.end, { number, wireType: tag.value % 8 });
    if (read === undefined || read.end > bytes.length) {
      return undefined;
    }
    if (read.field.wireType !== (shape[number] ?? read.field.wireType)) {
      return undefined;
    }
    fields.push(read.field);
    offset = read.end;
  }
  return fields;
}

function readValue(
  bytes: Uint8Array,
  start: number,
  tag: { readonly number: number; readonly wireType: number },
): { readonly field: WireField; readonly end: number } | undefined {
  const { number, wireType } = tag;
  switch (wireType) {
    case 0: {
      const read = readVarint(bytes, start);
      return read && { field: { wireType: 'varint', number, value: read.value }, end: read.end };
    }
    case 1:
      return { field: { wireType: 'fixed', number }, end: start + 8 };
    case 2: {
      const length = readVarint(bytes, start);
      if (length === undefined) {
        return undefined;
      }
      const end = length.end + length.value;
      return { field: { wireType: 'bytes', number, value: bytes.subarray(length.end, end) }, end };
    }
    case 5:
      return { field: { wireType: 'fixed', number }, end: start + 4 };
    default:
      return undefined;
  }
}

/** Takes more bytes than a value needs, as every protobuf reader does, but never more than ten. */
function readVarint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let index = 0; ; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined || (index === VARINT_BYTES_MAX - 1 && byte > LAST_VARINT_BYTE_MAX)) {
      return undefined;
    }
    value += (byte % 128) * 128 ** index;
    if (byte < 128) {
      return { value, end: start + index + 1 };
    }
  }
}
