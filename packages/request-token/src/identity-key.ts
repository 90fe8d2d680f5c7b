import { createSha256, utf8ToBytes } from '#sha256';
import { checkName, checkText, isLongerThan } from './check-text.ts';

/** Version of the keys, and what each of them begins with. Another form needs another version. */
const VERSION = 'v2';

/** Name and version of what is hashed. */
const HASH_FORMAT = 'oncefold.identity-key.v2';

/** The longest sort key that DynamoDB takes; a partition key may have twice as many bytes. */
export const KEY_BYTES_MAX = 1024;

const NAME_BYTES_MAX = 255;
const SOURCE_BYTES_MAX = 1024;

/** Where records come from and who consumes them: what the identities of one batch have in common. */
export interface Origin {
  /** Separates deployments that share a table; 1 to 255 UTF-8 bytes. */
  readonly namespace: string;
  /** The name under which a function consumes a stream; 1 to 255 UTF-8 bytes. Two consumers never share one. */
  readonly consumer: string;
  /** The stream, as its ARN; 1 to 1,024 UTF-8 bytes. Shard ids and event ids repeat from stream to stream. */
  readonly source: string;
}

/** Who a record or a shard is, among all that any deployment, consumer and stream has. */
export interface Identity extends Origin {
  /** The id of the record, or of the shard, within its source: any text that is not empty, of any length. */
  readonly id: string;
}

/**
 * Writes an identity as one key of DynamoDB: for markers, positions, accounts and quarantine.
 *
 * Different identities never have the same key, but for collisions of SHA-256. The plain form is
 * `v2#<namespace>#<consumer>#<source>#<id>`, with `%25` for `%` and `%23` for `#` inside of each part. Where that
 * has more than 1,024 UTF-8 bytes, or the id has a lone surrogate, which UTF-8 cannot hold, the key is `v2#sha256#`
 * and the 43 base64url characters of SHA-256 over the UTF-8 bytes of the JSON array of the format's name, namespace,
 * consumer, source and id, as JSON.stringify writes it (https://tc39.es/ecma262/#sec-quotejsonstring). So no id,
 * whoever made it, can stop a batch.
 *
 * @param identity - namespace, consumer, source, and the id of a record or shard
 * @returns well-formed text of at most 1,024 UTF-8 bytes, which any key attribute of type S can hold
 * @throws {@link RequestTokenError} when a part is no text or empty, or when namespace, consumer or source are too
 * long or malformed
 *
 * @example
 * ```ts
 * import { identityKey } from '@oncefold/request-token';
 *
 * const source = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders';
 * identityKey({ namespace: 'production', consumer: 'stock', source, id: 'order-1' });
 * // v2#production#stock#arn:aws:kinesis:eu-west-1:123456789012:stream/orders#order-1
 * ```
 */
export function identityKey(identity: Identity): string {
  return createIdentityKeys(identity)(identity.id);
}

/**
 * Makes the keys of many identities of one origin, which is checked and escaped once: an eighth of the time of {@link identityKey} for each.
 *
 * @param origin - namespace, consumer and source
 * @returns from id to key, as {@link identityKey} writes it; it throws {@link RequestTokenError} when the id is no text or empty
 * @throws {@link RequestTokenError} when a part is no text, empty, too long or malformed
 */
export function createIdentityKeys(origin: Origin): (id: string) => string {
  const { keyOf } = createKeys(origin);
  return (id) => {
    checkText('id', id);
    return keyOf(id);
  };
}

/** How the keys of one origin are made, of ids that are already checked. */
interface Keys {
  /** What all keys that are not hashed begin with. */
  readonly prefix: string;
  /** Whether the key is the prefix and the id as it is. */
  readonly isPlain: (id: string) => boolean;
  readonly keyOf: (id: string) => string;
}

/** Checks and escapes once what the identities of a batch have in common. */
export function createKeys(origin: Origin): Keys {
  const { namespace, consumer, source } = origin;
  checkName('namespace', namespace, NAME_BYTES_MAX);
  checkName('consumer', consumer, NAME_BYTES_MAX);
  checkName('source', source, SOURCE_BYTES_MAX);
  const prefix = `${VERSION}#${escapePart(namespace)}#${escapePart(consumer)}#${escapePart(source)}#`;
  const bytesLeft = KEY_BYTES_MAX - utf8ToBytes(prefix).length;
  const fits = (escaped: string) => !isLongerThan(escaped, bytesLeft) && escaped.isWellFormed();
  return {
    prefix,
    isPlain: (id) => !hasSeparator(id) && fits(id),
    keyOf: (id) => {
      const escaped = escapePart(id);
      if (fits(escaped)) {
        return prefix + escaped;
      }
      const hash = createSha256();
      hash.update(utf8ToBytes(JSON.stringify([HASH_FORMAT, namespace, consumer, source, id])));
      return `${VERSION}#sha256#${hash.digest()}`;
    },
  };
}

/** Escapes the separator, and the sign that escapes it; most parts have neither, and looking is quicker than replacing. */
function escapePart(part: string): string {
  return hasSeparator(part) ? part.replaceAll('%', '%25').replaceAll('#', '%23') : part;
}

function hasSeparator(part: string): boolean {
  return part.includes('#') || part.includes('%');
}
