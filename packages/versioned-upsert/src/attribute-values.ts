import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Longer texts are refused unread; no number within the limits needs so many characters but for idle zeros. */
const NUMBER_LENGTH_MAX = 256;

/** DynamoDB's own limits. */
const NUMBER_DIGITS_MAX = 38;
const NUMBER_EXPONENT_MAX = 125;
const NUMBER_EXPONENT_MIN = -130;
/** Lists and maps around a value: with the attribute itself these are the 32 levels that DynamoDB takes. */
const DEPTH_MAX = 31;
const NAME_BYTES_MAX = 65_535;

/**
 * Writes a number so that equal numbers have equal texts: digits without leading or trailing zeros, and an exponent.
 *
 * @param text - as DynamoDB takes it: a decimal, with an exponent or without, of at most 256 characters
 * @returns undefined where DynamoDB takes no such number, or would round it
 */
export function canonicalNumber(text: string): string | undefined {
  if (text.length > NUMBER_LENGTH_MAX) {
    return undefined;
  }
  const [, sign, whole, fraction = '', exponentText = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') {
    return undefined;
  }
  const digits = whole + fraction;
  // Not /0+$/, which would try every run of zeros again.
  const trimmed = digits.replace(/^0+/, '');
  const significant = trimmed.replace(/^((?:0*[1-9])*)0*$/, '$1');
  if (significant === '') {
    return '0';
  }
  const exponent = Number(exponentText) - fraction.length + trimmed.length - significant.length;
  const magnitude = exponent + significant.length - 1;
  if (
    significant.length > NUMBER_DIGITS_MAX ||
    magnitude > NUMBER_EXPONENT_MAX ||
    magnitude < NUMBER_EXPONENT_MIN
  ) {
    return undefined;
  }
  return `${sign === '-' ? '-' : ''}${significant}e${exponent}`;
}

/**
 * Writes a value so that two values have equal texts if DynamoDB has no way to distinguish them: `12.30` and `12.3`, sets in any
 * order, maps in any order of their names.
 *
 * @param value - as the SDK takes and gives it; undefined for an absent attribute
 * @returns undefined where DynamoDB takes no such value, or would change it
 */
export function canonicalText(value: AttributeValue | undefined): string | undefined {
  const form = canonicalForm(value, 0);
  return form === undefined ? undefined : JSON.stringify(form);
}

type Form = string | readonly Form[] | undefined;

function canonicalForm(value: unknown, depth: number): Form {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) {
    return undefined;
  }
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0) {
    return undefined;
  }
  const [type, content] = entry;
  const form = contentForm(type, content, depth);
  return form === undefined ? undefined : [type, form];
}

function contentForm(type: string, content: unknown, depth: number): Form {
  switch (type) {
    case 'S':
    case 'N':
    case 'B':
      return scalarForm(type, content);
    case 'BOOL':
      return typeof content === 'boolean' ? String(content) : undefined;
    case 'NULL':
      return content === true ? 'true' : undefined;
    case 'SS':
    case 'NS':
    case 'BS':
      return setForm(type.slice(0, 1), content);
    case 'L':
      return Array.isArray(content)
        ? allDefined(content.map((member) => canonicalForm(member, depth + 1)))
        : undefined;
    case 'M':
      return mapForm(content, depth);
    default:
      return undefined;
  }
}

/** A lone surrogate would be stored as another character. */
function scalarForm(type: string, content: unknown): string | undefined {
  if (type === 'B') {
    return content instanceof Uint8Array ? Buffer.from(content).toString('base64') : undefined;
  }
  if (typeof content !== 'string') {
    return undefined;
  }
  return type === 'N' ? canonicalNumber(content) : content.isWellFormed() ? content : undefined;
}

function setForm(type: string, content: unknown): Form {
  if (!Array.isArray(content) || content.length === 0) {
    return undefined;
  }
  const members = content.map((member) => scalarForm(type, member));
  return new Set(members).size < members.length ? undefined : allDefined(members.sort());
}

function mapForm(content: unknown, depth: number): Form {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return undefined;
  }
  const names = Object.keys(content).sort();
  if (!names.every(isName)) {
    return undefined;
  }
  const members = content as Readonly<Record<string, unknown>>;
  return allDefined(names.flatMap((name) => [name, canonicalForm(members[name], depth + 1)]));
}

function isName(name: string): boolean {
  return name !== '' && name.isWellFormed() && Buffer.byteLength(name) <= NAME_BYTES_MAX;
}

/** Counts what a value that {@link canonicalText} takes has at the least, as DynamoDB counts an item's size. */
export function bytesAtLeast({ S, B, SS, BS, NS, L, M }: AttributeValue): number {
  const contents = S ?? B;
  if (contents !== undefined) {
    return Buffer.byteLength(contents);
  }
  const texts: readonly (string | Uint8Array)[] | undefined = SS ?? BS;
  if (texts !== undefined) {
    return sumOf(texts, (member) => Buffer.byteLength(member));
  }
  if (L !== undefined) {
    return sumOf(L, bytesAtLeast);
  }
  // Of a number, a boolean and a null, one byte is certain.
  return M === undefined ? (NS?.length ?? 1) : bytesOfItemAtLeast(M);
}

/** The same for attributes, with their names. */
export function bytesOfItemAtLeast(item: Readonly<Record<string, AttributeValue>>): number {
  return sumOf(Object.entries(item), ([name, value]) => Buffer.byteLength(name) + bytesAtLeast(value));
}

function sumOf<Member>(members: readonly Member[], bytesOf: (member: Member) => number): number {
  return members.reduce((bytes, member) => bytes + bytesOf(member), 0);
}

function allDefined(forms: readonly Form[]): Form {
  return forms.includes(undefined) ? undefined : forms;
}
