// services/map/src/handler.ts
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";

// packages/middleware/src/commit-once.ts
import { AsyncLocalStorage } from "node:async_hooks";

// packages/commit/src/errors.ts
var CommitError = class extends Error {
  /** Whether the same batch, delivered again later, may succeed without any change to code or data. */
  retryable = false;
};
var TransactionRefusedError = class extends CommitError {
  name = "TransactionRefusedError";
  code = "transaction-refused";
};
var CommitUndecidedError = class extends CommitError {
  name = "CommitUndecidedError";
  code = "commit-undecided";
  retryable = true;
  attempts;
  lastOutcome;
  constructor(message, options) {
    super(message, { cause: options.cause });
    this.attempts = options.attempts;
    this.lastOutcome = options.lastOutcome;
  }
};
var RecordTooLargeError = class extends CommitError {
  name = "RecordTooLargeError";
  code = "record-too-large";
  actual;
  limit;
  constructor(message, options) {
    super(message);
    this.actual = options.actual;
    this.limit = options.limit;
  }
};
var StrategyError = class extends CommitError {
  name = "StrategyError";
  code = "strategy-unusable";
};
var AmbiguousRecordsError = class extends CommitError {
  name = "AmbiguousRecordsError";
  code = "ambiguous-records";
  /** Places of the two records in the batch, from 0. */
  indexes;
  constructor(message, options) {
    super(message);
    this.indexes = options.indexes;
  }
};
var WriteRefusedError = class extends CommitError {
  name = "WriteRefusedError";
  code = "write-refused";
  /** The record's place in the batch, from 0. */
  recordIndex;
  /** The action that cannot be made, its key included. */
  action;
  constructor(message, options) {
    super(message);
    this.recordIndex = options.recordIndex;
    this.action = options.action;
  }
};
var GuardLostError = class extends CommitError {
  name = "GuardLostError";
  code = "guard-lost";
};
var GuardViolationError = class extends CommitError {
  name = "GuardViolationError";
  code = "guard-violation";
};

// packages/commit/src/assert-known-options.ts
function assertKnownOptions(owner, options, names) {
  for (const name of Object.keys(options)) {
    if (!names.known.includes(name)) {
      throw new StrategyError(`${owner}: there is no option ${name}`);
    }
  }
  for (const name of names.required) {
    if (options[name] === void 0) {
      throw new StrategyError(`${owner}: the option ${name} is missing`);
    }
  }
}

// packages/reducer/src/name-type.ts
function nameType(value) {
  if (value === null || value === void 0) {
    return String(value);
  }
  const type = typeof value;
  return type === "object" ? "an object" : `a ${type}`;
}

// packages/reducer/src/decimal.ts
var FRACTION_DIGITS = 12;
var INTEGER_DIGITS_OF_VALUE = 18;
var INTEGER_DIGITS_OF_SUM = 26;
var TEXT_LENGTH_MAX = 256;
var UNITS_PER_ONE = 10n ** BigInt(FRACTION_DIGITS);
var SUM_LIMIT_UNITS = 10n ** BigInt(INTEGER_DIGITS_OF_SUM + FRACTION_DIGITS);
var NUMBER_PATTERN = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
var REMEDIES = {
  "not-text": "must be text, because a JavaScript number may already have lost digits. Read JSON with parseJsonExact(text) and take the number's text with get(name).numberText(), or take the text of a DynamoDB N.",
  "not-a-decimal": "must be a Decimal. Make one from text with parseDecimal.",
  "not-a-number": "Write it as JSON does: -12.5 or 1e3, without spaces, plus sign or thousands separators.",
  "too-long": `Write it in at most ${TEXT_LENGTH_MAX} characters.`,
  "too-many-integer-digits": `A value may have ${INTEGER_DIGITS_OF_VALUE} integer digits, a sum ${INTEGER_DIGITS_OF_SUM}: use a larger unit, or quarantine the record.`,
  "too-many-fraction-digits": `It may have ${FRACTION_DIGITS} fraction digits: round it where it is made, or quarantine the record.`
};
var DecimalError = class extends Error {
  name = "DecimalError";
  code;
  constructor(code, wrongType) {
    const remedy = wrongType === void 0 ? REMEDIES[code] : `It is ${wrongType} and ${REMEDIES[code]}`;
    super(`The decimal is refused: ${code}. ${remedy}`);
    this.code = code;
  }
};
var zero = 0n;
var one = UNITS_PER_ONE;
function parseSum(text) {
  return orThrow(readDecimal(text, INTEGER_DIGITS_OF_SUM));
}
function checkDecimal(text) {
  return readDecimal(text, INTEGER_DIGITS_OF_VALUE);
}
function formatDecimal(value) {
  assertDecimal(value);
  const magnitude = value < 0n ? -value : value;
  const integer = magnitude / UNITS_PER_ONE;
  const rest = magnitude % UNITS_PER_ONE;
  const sign = value < 0n ? "-" : "";
  if (rest === 0n) {
    return `${sign}${integer}`;
  }
  const fraction = rest.toString().padStart(FRACTION_DIGITS, "0");
  return `${sign}${integer}.${fraction.slice(0, lengthWithoutIdleZeros(fraction))}`;
}
function addDecimals(a, b) {
  assertDecimal(a);
  assertDecimal(b);
  const sum = a + b;
  if (sum >= SUM_LIMIT_UNITS || sum <= -SUM_LIMIT_UNITS) {
    throw new DecimalError("too-many-integer-digits");
  }
  return sum;
}
function negate(value) {
  assertDecimal(value);
  return -value;
}
function toSafeInteger(value) {
  const integer = Number(value / UNITS_PER_ONE);
  return value % UNITS_PER_ONE === 0n && Number.isSafeInteger(integer) ? integer : void 0;
}
function assertDecimal(value) {
  if (typeof value !== "bigint") {
    throw new DecimalError("not-a-decimal", nameType(value));
  }
}
function readDecimal(text, integerDigitsMax) {
  if (typeof text !== "string") {
    throw new DecimalError("not-text", nameType(text));
  }
  if (text.length > TEXT_LENGTH_MAX) {
    return "too-long";
  }
  const match = NUMBER_PATTERN.exec(text);
  if (match === null) {
    return "not-a-number";
  }
  const [, sign, integer, fraction = "", exponent] = match;
  const digits = integer + fraction;
  const end = lengthWithoutIdleZeros(digits);
  if (end === 0) {
    return zero;
  }
  const pointAt = integer.length + Number(exponent ?? 0);
  if (pointAt - leadingZeros(digits) > integerDigitsMax) {
    return "too-many-integer-digits";
  }
  if (end - pointAt > FRACTION_DIGITS) {
    return "too-many-fraction-digits";
  }
  const magnitude = BigInt(digits.slice(0, end) + "0".repeat(FRACTION_DIGITS + pointAt - end));
  return sign === "-" ? -magnitude : magnitude;
}
function orThrow(result) {
  if (typeof result === "string") {
    throw new DecimalError(result);
  }
  return result;
}
function lengthWithoutIdleZeros(digits) {
  let length = digits.length;
  while (digits.charCodeAt(length - 1) === 48) {
    length -= 1;
  }
  return length;
}
function leadingZeros(digits) {
  let count = 0;
  while (digits.charCodeAt(count) === 48) {
    count += 1;
  }
  return count;
}

// packages/reducer/src/json-members.ts
function readJsonMembers(text) {
  if (typeof text !== "string") {
    return { code: "invalid", reason: "broken-json" };
  }
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { code: "invalid", reason: "broken-json" };
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { code: "invalid", reason: "not-an-object" };
  }
  return cutMembers(text);
}
function decodeString(token) {
  return decode(token.source);
}
function cutMembers(text) {
  const members = /* @__PURE__ */ new Map();
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text[at] !== "}") {
    const nameEnd = endOfString(text, at);
    const name = decode(text.slice(at, nameEnd));
    const start = skipSpace(text, text.indexOf(":", nameEnd) + 1);
    const end = endOfValue(text, start);
    if (members.has(name)) {
      return { code: "invalid", reason: "duplicate-name" };
    }
    members.set(name, tokenAt(text, start, end));
    at = skipComma(text, end);
  }
  return { code: "valid", members };
}
function tokenAt(text, start, end) {
  return { kind: kindOf(text.charAt(start)), source: text.slice(start, end) };
}
function kindOf(first) {
  switch (first) {
    case '"':
      return "string";
    case "{":
      return "object";
    case "[":
      return "array";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    default:
      return "number";
  }
}
function skipSpace(text, from) {
  let at = from;
  while (isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}
function skipComma(text, from) {
  const at = skipSpace(text, from);
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}
function isSpace(unit) {
  return unit === 32 || unit === 10 || unit === 13 || unit === 9;
}
function endOfString(text, from) {
  for (let at = from + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 34) {
      return at + 1;
    }
    if (unit === 92) {
      at += 1;
    }
  }
  throw new Error("A JSON string has no end although the text was parsed.");
}
function endOfValue(text, from) {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === "{" || character === "[") {
      depth += 1;
      at += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      at += 1;
    } else {
      at = depth === 0 ? endOfLiteral(text, at) : at + 1;
    }
    if (depth === 0) {
      return at;
    }
  }
  throw new Error("A JSON value has no end although the text was parsed.");
}
function endOfLiteral(text, from) {
  let at = from;
  while (!",]}".includes(text.charAt(at)) && !isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}
function decode(source) {
  return source.includes("\\") ? JSON.parse(source) : source.slice(1, -1);
}

// packages/reducer/src/contribution.ts
var REMEDIES2 = {
  "not-text": "Give the JSON text; decode bytes as UTF-8 first.",
  "broken-json": "Give what formatContribution wrote, or another JSON object from key to decimal.",
  "not-an-object": "Give a JSON object from key to decimal.",
  "duplicate-name": "Give each key once, with the sum of what it adds.",
  "wrong-type": "Write each value as a JSON string or a JSON number.",
  "not-a-number": 'Write each value as a decimal, such as "12.5".',
  "out-of-range": "Keep each value within 26 integer and 12 fraction digits.",
  "not-a-list": "Give a list of contributions, even for one.",
  "not-a-contribution": "Give a Map from key to Decimal; an empty one where a record adds nothing.",
  "key-not-text": "Give each key as a string.",
  "not-a-decimal": "Make each value from text with parseDecimal."
};
var ContributionError = class extends Error {
  name = "ContributionError";
  code;
  constructor(code, options) {
    const { finding, ...rest } = options ?? {};
    super(
      `The contribution is refused: ${code}. ${finding === void 0 ? "" : `${finding}. `}${REMEDIES2[code]}`,
      rest
    );
    this.code = code;
  }
};
function mergeContributions(contributions) {
  if (typeof contributions?.[Symbol.iterator] !== "function") {
    throw new ContributionError("not-a-list", { finding: `It is ${nameType(contributions)}` });
  }
  const sums = /* @__PURE__ */ new Map();
  let index = 0;
  for (const contribution of contributions) {
    if (!isMap(contribution)) {
      throw noContribution(contribution, `contributions[${index}]`);
    }
    for (const [key, value] of contribution) {
      if (typeof key !== "string" || typeof value !== "bigint") {
        throw wrongEntry(contribution, `contributions[${index}], `);
      }
      sums.set(key, addDecimals(sums.get(key) ?? zero, value));
    }
    index += 1;
  }
  return sums;
}
function formatContribution(contribution) {
  if (!isMap(contribution)) {
    throw noContribution(contribution, "It");
  }
  const members = [];
  for (const [key, value] of contribution) {
    if (typeof key !== "string" || typeof value !== "bigint") {
      throw wrongEntry(contribution, "");
    }
    members.push(`${JSON.stringify(key)}:"${formatDecimal(value)}"`);
  }
  return `{${members.join(",")}}`;
}
function isMap(contribution) {
  return contribution instanceof Map;
}
function noContribution(contribution, where) {
  return new ContributionError("not-a-contribution", { finding: `${where} is ${nameType(contribution)}` });
}
function wrongEntry(contribution, where) {
  const entries = [...contribution];
  const index = entries.findIndex(([key2, value2]) => typeof key2 !== "string" || typeof value2 !== "bigint");
  const [key, value] = entries[index];
  return typeof key === "string" ? new ContributionError("not-a-decimal", {
    finding: `${where}entry ${index}: the value is ${nameType(value)}`
  }) : new ContributionError("key-not-text", {
    finding: `${where}entry ${index}: the key is ${nameType(key)}`
  });
}

// packages/reducer/src/utf8.ts
function utf8Length(text) {
  if (typeof text !== "string") {
    throw new TypeError(`utf8Length needs a string, but got ${nameType(text)}.`);
  }
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 128) {
      continue;
    }
    bytes += unit < 2048 ? 1 : 2;
    if (isSurrogatePair(unit, text.charCodeAt(index + 1))) {
      index += 1;
    }
  }
  return bytes;
}
function isLongerThan(text, bytesMax) {
  return text.length > bytesMax || utf8Length(text) > bytesMax;
}
function isSurrogatePair(first, second) {
  return first >= 55296 && first <= 56319 && second >= 56320 && second <= 57343;
}

// packages/reducer/src/hierarchy.ts
var DIMENSIONS_MAX = 16;
var SEGMENT_BYTES_MAX = 255;
var NODE_BYTES_MAX = 2048;
var SEPARATOR = ":";
var CONTROL_CHARACTER = new RegExp("\\p{Cc}", "u");
var HierarchyError = class extends Error {
  name = "HierarchyError";
  code;
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};
function createHierarchy(options) {
  const { dimensions, reserved = [] } = options;
  if (dimensions.length < 1 || dimensions.length > DIMENSIONS_MAX) {
    throw new HierarchyError("wrong-count", `dimensions must hold 1 to ${DIMENSIONS_MAX} names.`);
  }
  checkNames("dimensions", dimensions);
  checkNames("reserved", reserved);
  return Object.freeze({
    dimensions: Object.freeze([...dimensions]),
    separator: SEPARATOR,
    reserved: Object.freeze([...reserved])
  });
}
function checkSegments(hierarchy, segments) {
  const path = [];
  for (const dimension of hierarchy.dimensions) {
    const segment = ownValue(segments, dimension);
    const reason = reasonAgainst(hierarchy, segment);
    if (reason !== void 0) {
      return { code: "invalid", reason, dimension };
    }
    path.push(segment);
    if (path.length * (SEGMENT_BYTES_MAX + 1) > NODE_BYTES_MAX && isLongerThan(path.join(SEPARATOR), NODE_BYTES_MAX)) {
      return { code: "invalid", reason: "too-long", dimension };
    }
  }
  return { code: "valid", path };
}
function ownValue(segments, dimension) {
  if (segments instanceof Map) {
    return segments.get(dimension);
  }
  return Object.hasOwn(segments, dimension) ? segments[dimension] : void 0;
}
function reasonAgainst(hierarchy, segment) {
  if (segment === void 0) {
    return "missing-field";
  }
  if (typeof segment !== "string") {
    return "wrong-type";
  }
  if (segment === "") {
    return "empty-text";
  }
  if (isLongerThan(segment, SEGMENT_BYTES_MAX)) {
    return "too-long";
  }
  if (!segment.isWellFormed()) {
    return "malformed-unicode";
  }
  if (CONTROL_CHARACTER.test(segment)) {
    return "control-character";
  }
  if (segment.includes(SEPARATOR)) {
    return "forbidden-separator";
  }
  return hierarchy.reserved.includes(segment) ? "reserved-name" : void 0;
}
function checkNames(field, names) {
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string" || name === "" || !name.isWellFormed() || isLongerThan(name, SEGMENT_BYTES_MAX)) {
      throw new HierarchyError(
        "bad-name",
        `${field}[${index}] must be text of 1 to ${SEGMENT_BYTES_MAX} bytes.`
      );
    }
    if (names.indexOf(name) !== index) {
      throw new HierarchyError("duplicate-name", `${field}[${index}] is given twice.`);
    }
  }
}

// packages/reducer/src/roll-up.ts
function rollUp(path, measure) {
  if (path.length === 0) {
    throw new HierarchyError("wrong-count", "path must hold 1 segment or more.");
  }
  const contribution = /* @__PURE__ */ new Map();
  let node = "";
  for (const [level, segment] of path.entries()) {
    checkSegment(segment, level);
    node += level === 0 ? segment : SEPARATOR + segment;
    contribution.set(node, measure);
  }
  if (isLongerThan(node, NODE_BYTES_MAX)) {
    throw new HierarchyError("bad-segment", `path must make a key of at most ${NODE_BYTES_MAX} bytes.`);
  }
  return contribution;
}
function checkSegment(segment, level) {
  if (typeof segment !== "string" || segment === "" || segment.includes(SEPARATOR) || !segment.isWellFormed()) {
    throw new HierarchyError(
      "bad-segment",
      `path[${level}] must be well-formed text, not empty, without ${SEPARATOR}; use checkSegments for input.`
    );
  }
}
function contributionOfChange(before, after) {
  const removed = before === void 0 ? [] : [rollUp(before.path, negate(before.measure))];
  const added = after === void 0 ? [] : [rollUp(after.path, after.measure)];
  return mergeContributions([...removed, ...added]);
}

// packages/commit/src/transaction-port.ts
var ACTIONS_MAX = 100;
function itemName(target) {
  const names = Object.keys(target.key);
  const [name = ""] = names;
  const only = names.length === 1 ? target.key[name] : void 0;
  if (only !== void 0 && "S" in only) {
    return `[${JSON.stringify(target.table)},[[${JSON.stringify(name)},{"S":${JSON.stringify(only.S)}}]]]`;
  }
  const key = Object.entries(target.key).map(
    ([name2, value]) => [name2, "B" in value ? { B: Buffer.from(value.B).toString("base64") } : value]
  ).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([target.table, key]);
}

// packages/commit/src/assert-sendable.ts
var KEY_BYTES_MAX = 2048;
var ITEM_BYTES_MAX = 400 * 1024;
var TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;
var TOKEN_LENGTH_MAX = 36;
var MEMBERS = {
  increment: { texts: ["attribute", "by"], isPut: false },
  put: { texts: [], isPut: true },
  "put-if-absent": { texts: [], isPut: true },
  raise: { texts: ["attribute", "below", "to"], isPut: false },
  "compare-and-set": { texts: ["attribute", "previous", "next"], isPut: false }
};
function assertSendable({ actions, token }, identify = itemName) {
  if (actions.length < 1 || actions.length > ACTIONS_MAX) {
    throw new TransactionRefusedError(`a transaction has 1 to ${ACTIONS_MAX} actions, not ${actions.length}`);
  }
  if (token !== void 0 && (token.length < 1 || token.length > TOKEN_LENGTH_MAX)) {
    throw new TransactionRefusedError(`a token has 1 to ${TOKEN_LENGTH_MAX} characters, not ${token.length}`);
  }
  const items = /* @__PURE__ */ new Set();
  let bytes = 0;
  for (const action of actions) {
    const fault = whyUnsendable(action);
    if (fault !== void 0) {
      throw new TransactionRefusedError(fault);
    }
    items.add(identify(action));
    bytes += sizeOf(action);
  }
  if (items.size !== actions.length) {
    throw new TransactionRefusedError("two actions of one transaction are on one item");
  }
  if (bytes > TRANSACTION_BYTES_MAX) {
    throw new TransactionRefusedError(
      `a transaction has at most ${TRANSACTION_BYTES_MAX} bytes, not ${bytes}`
    );
  }
}
function whyUnsendable(action) {
  if (typeof action !== "object" || action === null) {
    return "an action must be an object";
  }
  const members = Object.hasOwn(MEMBERS, action.type) ? MEMBERS[action.type] : void 0;
  if (members === void 0) {
    return `there is no action of the type ${JSON.stringify(action.type)}`;
  }
  if (typeof action.table !== "string" || action.table === "") {
    return `${action.type}: table must be a name`;
  }
  const fault = whyUnsendableMember(action, members);
  return fault === void 0 ? void 0 : `${action.type} on ${action.table}: ${fault}`;
}
function whyUnsendableMember(action, members) {
  for (const member of members.texts) {
    const text = action[member];
    if (typeof text !== "string") {
      return `${member} must be text, not ${typeof text}`;
    }
  }
  if (action.type === "increment" && !isNumber(action.by)) {
    return "by must be a decimal of at most 38 digits";
  }
  const keyFault = whyUnusableKey(action.key);
  if (keyFault !== void 0 || !members.isPut) {
    return keyFault;
  }
  const { attributes } = action;
  if (typeof attributes !== "object" || attributes === null) {
    return "attributes must be an object";
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeOf(value) === void 0) {
      return `${attribute} must be one of {S: text}, {N: text}, {B: bytes}`;
    }
  }
  const bytes = sizeOf(action);
  return bytes > ITEM_BYTES_MAX ? `an item has at most ${ITEM_BYTES_MAX} bytes, not ${bytes}` : void 0;
}
function whyUnusableKey(key) {
  if (typeof key !== "object" || key === null) {
    return "the key must be an object of attributes";
  }
  const names = Object.keys(key);
  if (names.length < 1 || names.length > 2) {
    return `a key has 1 or 2 attributes, not ${names.length}`;
  }
  for (const attribute of names) {
    const value = key[attribute];
    const type = typeOf(value);
    if (value === void 0 || type === void 0) {
      return `the key ${attribute} must be one of {S: text}, {N: text}, {B: bytes}`;
    }
    if (type === "N") {
      continue;
    }
    const bytes = bytesOf(value);
    if (bytes === 0) {
      return `the key ${attribute} is empty`;
    }
    if (bytes > KEY_BYTES_MAX) {
      return `the key ${attribute} has ${bytes} bytes; ${KEY_BYTES_MAX} are the limit`;
    }
    if ("S" in value && !value.S.isWellFormed()) {
      return `the key ${attribute} has a lone surrogate`;
    }
  }
  return void 0;
}
function typeOf(value) {
  if (typeof value !== "object" || value === null) {
    return void 0;
  }
  const names = Object.keys(value);
  if (names.length !== 1) {
    return void 0;
  }
  const { S, N, B } = value;
  if (typeof S === "string") {
    return "S";
  }
  if (typeof N === "string" && isNumber(N)) {
    return "N";
  }
  return B instanceof Uint8Array ? "B" : void 0;
}
var NUMBER_DIGITS_MAX = 38;
function isNumber(text) {
  const digits = /^-?(\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?$/.exec(text)?.[1];
  return digits !== void 0 && (digits.length <= NUMBER_DIGITS_MAX || digits.replace(".", "").replace(/^0+|0+$/g, "").length <= NUMBER_DIGITS_MAX);
}
function sizeOf(action) {
  let bytes = 0;
  for (const name of Object.keys(action.key)) {
    bytes += utf8Length(name) + bytesOf(action.key[name]);
  }
  if (!("attributes" in action)) {
    return bytes;
  }
  for (const name of Object.keys(action.attributes)) {
    if (!Object.hasOwn(action.key, name)) {
      bytes += utf8Length(name) + bytesOf(action.attributes[name]);
    }
  }
  return bytes;
}
function bytesOf(value) {
  if ("B" in value) {
    return value.B.byteLength;
  }
  return utf8Length("S" in value ? value.S : value.N);
}

// packages/commit/src/merge-writes.ts
import { isDeepStrictEqual } from "node:util";
function mergeWrites(writes, more) {
  if (more.length === 0) {
    return { code: "merged", writes };
  }
  const merged = new Map(writes);
  for (const write of more) {
    const name = itemName(write);
    const other = merged.get(name);
    const both = other === void 0 ? write : mergeTwo(other, write);
    if (both === void 0) {
      return { code: "contradiction", write };
    }
    merged.set(name, both);
  }
  return { code: "merged", writes: merged };
}
function mergeTwo(a, b) {
  if (a.type !== "increment" || b.type !== "increment") {
    return isDeepStrictEqual(a, b) ? a : void 0;
  }
  if (a.attribute !== b.attribute) {
    return void 0;
  }
  try {
    return { ...a, by: formatDecimal(addDecimals(parseSum(a.by), parseSum(b.by))) };
  } catch (error) {
    if (error instanceof DecimalError) {
      return void 0;
    }
    throw error;
  }
}

// packages/commit/src/cut-prefix.ts
var WRITE_BYTES_MAX = 25e5;
var EFFECT_BYTES_MAX = 35e4;
var RECORDS_MAX = 5e3;
function cutPrefix(records, limits) {
  const { effect: effect2, strategy: strategy2 } = limits;
  const keys = /* @__PURE__ */ new Set();
  let effectBytes = 0;
  let writes = /* @__PURE__ */ new Map();
  for (const [index, record] of records.entries()) {
    const prefix = { records: records.slice(0, index), writes };
    if (index === RECORDS_MAX) {
      return prefix;
    }
    for (const key of record.contribution.keys()) {
      if (!keys.has(key)) {
        effectBytes += effect2.bytesOf(key);
      }
      keys.add(key);
    }
    const merged = mergeWrites(writes, record.writes ?? []);
    if (merged.code === "contradiction") {
      if (index > 0) {
        return prefix;
      }
      throw new WriteRefusedError("two writes of one record are on one item and contradict each other", {
        recordIndex: limits.indexOf(record),
        action: merged.write
      });
    }
    const size = {
      keys: keys.size,
      actions: strategy2.guardSize(index + 1) + effect2.actionCount(keys.size) + merged.writes.size,
      effectBytes,
      writeBytes: merged.writes === writes ? 0 : bytesOf2(merged.writes)
    };
    if (!fits(size, effect2)) {
      if (index > 0) {
        return prefix;
      }
      throw tooLarge(size, limits);
    }
    writes = merged.writes;
  }
  return { records, writes };
}
function fits(size, effect2) {
  return size.keys <= effect2.keysMax && size.actions <= ACTIONS_MAX && size.effectBytes <= EFFECT_BYTES_MAX && size.writeBytes <= WRITE_BYTES_MAX;
}
function tooLarge(size, { effect: effect2, strategy: strategy2 }) {
  if (size.writeBytes > WRITE_BYTES_MAX) {
    return new RecordTooLargeError(
      "the writes of one record are too large for a transaction; preparatoryWrites may be larger",
      { actual: size.writeBytes, limit: WRITE_BYTES_MAX }
    );
  }
  if (size.effectBytes > EFFECT_BYTES_MAX) {
    return new RecordTooLargeError("the aggregate keys of one record have too many bytes", {
      actual: size.effectBytes,
      limit: EFFECT_BYTES_MAX
    });
  }
  if (size.keys <= effect2.keysMax && effect2.actionCount(size.keys) + strategy2.guardSize(1) <= ACTIONS_MAX) {
    return new RecordTooLargeError(
      "one record has more aggregate keys and writes than a transaction can hold beside its guard",
      { actual: size.actions, limit: ACTIONS_MAX }
    );
  }
  return new RecordTooLargeError(
    "one record has more aggregate keys than a transaction can hold beside its guard",
    { actual: size.keys, limit: Math.min(effect2.keysMax, ACTIONS_MAX - strategy2.guardSize(1)) }
  );
}
function bytesOf2(writes) {
  let bytes = 0;
  for (const write of writes.values()) {
    bytes += sizeOf(write);
  }
  return bytes;
}

// packages/commit/src/build-commit.ts
function buildNextCommit(records, work) {
  let candidates = records;
  for (; ; ) {
    const prefix = cutPrefix(candidates, work);
    try {
      return { group: prefix.records, commit: buildCommit(prefix, work) };
    } catch (error) {
      const isAlone = prefix.records.length === 1;
      if (isAlone || !(error instanceof WriteRefusedError || error instanceof DecimalError)) {
        throw error;
      }
      candidates = prefix.records.slice(0, Math.ceil(prefix.records.length / 2));
    }
  }
}
function buildCommit(prefix, { effect: effect2, session, indexOf }) {
  const guard = session.guard(prefix.records);
  const delta = mergeContributions(prefix.records.map((record) => record.contribution));
  const effectActions = effect2.actions(delta, { name: guard.name, time: latestTime(prefix.records) });
  const merged = mergeWrites(prefix.writes, effectActions);
  if (merged.code === "contradiction") {
    throw writeRefused(`a write of a record contradicts the effect on one item: ${describe(merged.write)}`, {
      action: merged.write,
      group: prefix.records,
      indexOf
    });
  }
  const guards = guard.actions.map((action) => [itemName(action), action]);
  const guardNames = new Set(guards.map(([name]) => name));
  const preparations = prefix.records.flatMap(
    ({ preparatoryWrites = [] }) => preparatoryWrites.map((write) => [itemName(write), write])
  );
  for (const [name, action] of [...merged.writes, ...preparations]) {
    if (guardNames.has(name)) {
      throw writeRefused(`a write of a record is on the item of a guard: ${describe(action)}`, {
        action,
        group: prefix.records,
        indexOf
      });
    }
  }
  const named = [...guards, ...merged.writes];
  named.sort(([a], [b]) => a < b ? -1 : 1);
  return {
    actions: named.map(([, action]) => action),
    guard,
    failuresByOrigin: (failures) => {
      const effectNames = new Set(effectActions.map(itemName));
      const originOf = ({ action }) => {
        const name = itemName(action);
        return guardNames.has(name) ? "guard" : effectNames.has(name) ? "effect" : "writes";
      };
      const { guard: guard2 = [], effect: effect3 = [], writes = [] } = Object.groupBy(failures, originOf);
      return { guard: guard2, effect: effect3, writes };
    }
  };
}
function writeRefused(message, refused) {
  const { action, group, indexOf } = refused;
  const isOwn = (own) => itemName(own) === itemName(action);
  const owner = group.find(({ writes }) => writes?.some(isOwn)) ?? group.find(({ preparatoryWrites }) => preparatoryWrites?.some(isOwn));
  return new WriteRefusedError(message, { recordIndex: owner === void 0 ? -1 : indexOf(owner), action });
}
function describe(action) {
  return `${action.type} on ${action.table}`;
}
function latestTime(group) {
  let latest;
  for (const { time } of group) {
    if (time !== void 0 && (latest === void 0 || time > latest)) {
      latest = time;
    }
  }
  return latest;
}

// packages/commit/src/check-writes.ts
import { isDeepStrictEqual as isDeepStrictEqual2 } from "node:util";
function assertWrites(records) {
  const checked = /* @__PURE__ */ new Set();
  for (const [recordIndex, { writes = [], preparatoryWrites = [] }] of records.entries()) {
    const refuse = (action, fault) => {
      throw new WriteRefusedError(`a write of record ${recordIndex} is refused: ${fault}`, {
        recordIndex,
        action
      });
    };
    for (const [list, mustPut] of [
      [writes, false],
      [preparatoryWrites, true]
    ]) {
      if (checked.has(list)) {
        continue;
      }
      checked.add(list);
      for (const action of list) {
        const fault = whyUnsendable(action);
        if (fault !== void 0) {
          refuse(action, fault);
        }
        if (mustPut && action.type !== "put") {
          refuse(action, `preparatoryWrites are puts, not ${action.type}`);
        }
      }
    }
  }
}
function preparationsOf({ preparatoryWrites = [] }) {
  const portions = [];
  let bytes = 0;
  for (const put of preparatoryWrites) {
    const [name, size] = [itemName(put), sizeOf(put)];
    const last = portions.at(-1);
    if (last !== void 0 && isDeepStrictEqual2(last.get(name), put)) {
      continue;
    }
    if (last === void 0 || last.has(name) || last.size === ACTIONS_MAX || bytes + size > WRITE_BYTES_MAX) {
      portions.push(/* @__PURE__ */ new Map([[name, put]]));
      bytes = size;
    } else {
      last.set(name, put);
      bytes += size;
    }
  }
  return portions.map((portion) => [...portion.values()]);
}

// packages/commit/src/commit-report.ts
function createTally() {
  return {
    report: {
      applied: [],
      alreadyApplied: [],
      appliedUnconfirmed: [],
      commits: 0,
      requests: 0,
      conflicts: 0,
      throttles: 0,
      unknowns: 0,
      replays: 0,
      tokenMismatches: 0,
      units: { read: 0, write: 0 }
    },
    unanswered: /* @__PURE__ */ new Set()
  };
}
function noteFoundApplied({ report, unanswered }, records) {
  for (const record of records) {
    (unanswered.has(record) ? report.appliedUnconfirmed : report.alreadyApplied).push(record.id);
  }
}

// packages/commit/src/retry.ts
import { setTimeout as wait } from "node:timers/promises";
var systemClock = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds) => wait(milliseconds)
};
var defaultRetryLimits = {
  attemptsMax: 14,
  backoffBaseMs: 25,
  backoffMaxMs: 2e3,
  requestTimeoutMs: 5e3
};
function backoffMs(attempt, limits, clock) {
  const ceilingMs = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** attempt);
  return ceilingMs * (1 + clock.random()) / 2;
}
var ATTEMPT_MS_MIN = 50;
async function sendUntilDecided(attempt, options) {
  const { deadline, limits, clock } = options;
  let last;
  for (let attempts = 0; ; attempts += 1) {
    const leftMs = deadline - clock.now();
    if (attempts >= limits.attemptsMax || leftMs < ATTEMPT_MS_MIN) {
      const bound = attempts >= limits.attemptsMax ? "attempts allowed" : "time that the invocation has left";
      const lastOutcome = last?.code ?? "none";
      const cause = last?.code === "unavailable" ? last.cause : void 0;
      throw new CommitUndecidedError(
        `no outcome within the ${bound}; the last of ${attempts} answers: ${lastOutcome}${nameOf(cause)}`,
        { attempts, lastOutcome, cause }
      );
    }
    const outcome = await attempt(Math.floor(Math.min(limits.requestTimeoutMs, leftMs)));
    if (!isUndecided(outcome)) {
      return outcome;
    }
    last = outcome;
    options.onUndecided(outcome.code);
    const pauseMs = backoffMs(attempts, limits, clock);
    await clock.sleep(Math.max(0, Math.min(pauseMs, deadline - clock.now() - ATTEMPT_MS_MIN)));
  }
}
function nameOf(cause) {
  if (!(cause instanceof Error)) {
    return "";
  }
  return ` (${"code" in cause && typeof cause.code === "string" ? cause.code : cause.name})`;
}
function isUndecided(outcome) {
  const { code } = outcome;
  return code === "conflict" || code === "throttled" || code === "in-progress" || code === "unavailable";
}

// packages/commit/src/create-sender.ts
var RESERVE_MS = 1e3;
function createSender(options, { report, unanswered }) {
  const { transactions: transactions2, clock = systemClock, limits = defaultRetryLimits } = options;
  const deadline = clock.now() + options.remainingMs() - (options.reserveMs ?? RESERVE_MS);
  return async (actions, { token, group = [] } = {}) => {
    const outcome = await sendUntilDecided(
      (timeoutMs) => {
        report.requests += 1;
        return transactions2.transact({ actions, timeoutMs, ...token === void 0 ? {} : { token } });
      },
      {
        deadline,
        limits,
        clock,
        onUndecided: (code) => {
          if (code === "conflict") {
            report.conflicts += 1;
          } else if (code === "throttled") {
            report.throttles += 1;
          } else {
            report.unknowns += 1;
            for (const record of group) {
              unanswered.add(record);
            }
          }
        }
      }
    );
    if (outcome.code === "committed") {
      report.replays += outcome.replayed ? 1 : 0;
      report.units.read += outcome.units.read;
      report.units.write += outcome.units.write;
    }
    return outcome;
  };
}

// packages/commit/src/distinct-records.ts
import { isDeepStrictEqual as isDeepStrictEqual3 } from "node:util";
function distinctRecords(records, { identifiesBy }) {
  const indexes = /* @__PURE__ */ new Map();
  const fresh = [];
  const applied = [];
  for (const [index, record] of records.entries()) {
    const first = indexes.get(record.id);
    if (first === void 0) {
      indexes.set(record.id, index);
      fresh.push(record);
      continue;
    }
    const reason = whyNotOne(records[first], record, identifiesBy);
    if (reason !== void 0) {
      throw new AmbiguousRecordsError(
        `records ${first} and ${index} of the batch have one id ${reason}: an id must name one record`,
        { indexes: [first, index] }
      );
    }
    applied.push(record);
  }
  return { fresh, applied };
}
function whyNotOne(a, b, identifiesBy) {
  if (!isDeepStrictEqual3(a.contribution, b.contribution)) {
    return "and different contributions";
  }
  const writesOf = ({ writes = [], preparatoryWrites = [] }) => [writes, preparatoryWrites];
  if (!isDeepStrictEqual3(writesOf(a), writesOf(b))) {
    return "and different writes";
  }
  const isSamePlace = a.sequenceNumber === b.sequenceNumber && (a.subSequenceNumber ?? 0) === (b.subSequenceNumber ?? 0);
  return identifiesBy === "position" && !isSamePlace ? "and different places, and the strategy knows records by their place" : void 0;
}

// packages/commit/src/commit-batch.ts
var GUARD_MOVES_MAX = 16;
async function commitBatch(batch, options) {
  if (typeof batch.source !== "string" || batch.source === "") {
    throw new StrategyError("source: the batch must name the stream that its records come from");
  }
  const { strategy: strategy2 } = options;
  if (typeof strategy2?.open !== "function") {
    throw new StrategyError("strategy: it must be what a strategy returns, for example ledger({ \u2026 })");
  }
  const tally = createTally();
  if (batch.records.length === 0) {
    return tally.report;
  }
  assertWrites(batch.records);
  const { fresh, applied } = distinctRecords(batch.records, strategy2);
  noteFoundApplied(tally, applied);
  const session = strategy2.open({ ...batch, records: fresh }, options);
  const work = {
    ...options,
    session,
    tally,
    send: createSender(options, tally),
    prepared: /* @__PURE__ */ new Set(),
    indexOf: (record) => batch.records.indexOf(record)
  };
  let pending = fresh;
  for (let round = 0; pending.length > 0; round += 1) {
    if (round >= fresh.length + GUARD_MOVES_MAX) {
      throw new CommitUndecidedError("another process kept moving the guard", {
        attempts: round,
        lastOutcome: "condition-failed"
      });
    }
    const partition = await commitNext(pending, work);
    noteFoundApplied(tally, partition.applied);
    pending = partition.fresh;
  }
  return tally.report;
}
async function commitNext(pending, work) {
  const { session, tally } = work;
  const opening = session.opening?.();
  if (opening !== void 0) {
    return commitOpening(opening, pending, work);
  }
  const { group, commit } = buildNextCommit(pending, work);
  await prepare(group, work);
  const rest = pending.slice(group.length);
  const outcome = await sendGroup(group, commit, work);
  switch (outcome.code) {
    case "committed":
      if (outcome.replayed) {
        return { fresh: rest, applied: group };
      }
      tally.report.applied.push(...group.map(({ id }) => id));
      return { fresh: rest, applied: [] };
    case "already-applied":
      return { fresh: rest, applied: group };
    case "condition-failed":
      return partitionPending({ group, commit, failures: outcome.failures, pending }, work);
    case "token-mismatch": {
      tally.report.tokenMismatches += 1;
      if (session.onTokenMismatch === void 0) {
        throw new GuardViolationError("a token mismatch was reported for a guard without a token of its own");
      }
      const { fresh, applied } = session.onTokenMismatch(group);
      return { fresh: [...fresh, ...rest], applied };
    }
  }
}
async function commitOpening(opening, pending, { session, send }) {
  const outcome = await send(opening);
  switch (outcome.code) {
    case "committed":
      session.onOpened?.();
      return { fresh: pending, applied: [] };
    case "condition-failed":
      return failGuard(session, { group: [], failures: outcome.failures, pending });
    default:
      throw new GuardViolationError(`the opening of a guard was answered by ${outcome.code}`);
  }
}
async function prepare(group, { send, prepared }) {
  for (const record of group) {
    for (const actions of prepared.has(record) ? [] : preparationsOf(record)) {
      const outcome = await send(actions);
      if (outcome.code !== "committed") {
        throw new GuardViolationError(`a put without a condition was answered by ${outcome.code}`);
      }
    }
    prepared.add(record);
  }
}
async function sendGroup(group, { actions, guard }, { session, send, tally }) {
  if (actions.length === 0) {
    return { code: "committed", replayed: false, units: { read: 0, write: 0 } };
  }
  const commit = () => send(actions, { token: guard.token, group });
  const outcome = await (session.around?.(group, commit) ?? commit());
  if (outcome.code === "committed") {
    tally.report.commits += 1;
  }
  return outcome;
}
function partitionPending(failure, { session, indexOf }) {
  const { group, commit, pending } = failure;
  const { guard, effect: effect2, writes } = commit.failuresByOrigin(failure.failures);
  if (guard.length > 0) {
    return failGuard(session, { group, failures: guard, pending });
  }
  if (effect2.length > 0) {
    if (session.onRowExists === void 0) {
      throw new GuardViolationError("a row of sums exists although its guard held: its name is not unique");
    }
    const { fresh, applied } = session.onRowExists(group);
    return { fresh: [...fresh, ...pending.slice(group.length)], applied };
  }
  const { action } = writes[0];
  throw writeRefused(`the condition of a record's own write failed: ${describe(action)}`, {
    action,
    group,
    indexOf
  });
}
function failGuard(session, failure) {
  if (session.onGuardFailed === void 0) {
    throw new GuardViolationError("a condition failed for a guard that has none");
  }
  return session.onGuardFailed(failure);
}

// packages/commit/src/create-strategy.ts
import { randomUUID } from "node:crypto";

// packages/request-token/src/sha256-node.ts
import { Buffer as Buffer2 } from "node:buffer";
import { createHash } from "node:crypto";
function sha256Base64Url(bytes) {
  return createHash("sha256").update(bytes).digest("base64url");
}
function utf8ToBytes(text) {
  return Buffer2.from(text);
}

// packages/request-token/src/request-token-error.ts
var EXPLANATIONS = {
  "not-text": "must be a string",
  "not-a-list": "must be an array of strings",
  empty: "must not be empty",
  "too-many": "must have at most 10,000 entries",
  "malformed-unicode": "must be well-formed Unicode, without lone surrogates",
  duplicate: "must not repeat an earlier entry"
};
var RequestTokenError = class extends Error {
  name = "RequestTokenError";
  code;
  /** The field as written in the options, such as `consumer` or `recordIds[3]`. */
  field;
  constructor(code, field, bytesMax) {
    super(
      `${field} ${code === "too-long" ? `must have at most ${bytesMax} UTF-8 bytes` : EXPLANATIONS[code]}.`
    );
    this.code = code;
    this.field = field;
  }
};

// packages/request-token/src/check-text.ts
var BYTES_PER_CODE_UNIT_MAX = 3;
function checkText(field, text) {
  if (typeof text !== "string") {
    throw new RequestTokenError("not-text", field);
  }
  if (text === "") {
    throw new RequestTokenError("empty", field);
  }
}
function checkName(field, name, bytesMax) {
  checkText(field, name);
  if (isLongerThan2(name, bytesMax)) {
    throw new RequestTokenError("too-long", field, bytesMax);
  }
  if (!name.isWellFormed()) {
    throw new RequestTokenError("malformed-unicode", field);
  }
}
function isLongerThan2(text, bytesMax) {
  if (text.length * BYTES_PER_CODE_UNIT_MAX <= bytesMax) {
    return false;
  }
  return text.length > bytesMax || utf8ToBytes(text).length > bytesMax;
}

// packages/request-token/src/identity-key.ts
var VERSION = "v2";
var HASH_FORMAT = "oncefold.identity-key.v2";
var KEY_BYTES_MAX2 = 1024;
var NAME_BYTES_MAX = 255;
var SOURCE_BYTES_MAX = 1024;
function identityKey(identity) {
  const keyOf = createIdentityKeys(identity);
  checkText("id", identity.id);
  return keyOf(identity.id);
}
function createIdentityKeys(origin) {
  const { namespace, consumer, source } = origin;
  checkName("namespace", namespace, NAME_BYTES_MAX);
  checkName("consumer", consumer, NAME_BYTES_MAX);
  checkName("source", source, SOURCE_BYTES_MAX);
  const prefix = `${VERSION}#${escapePart(namespace)}#${escapePart(consumer)}#${escapePart(source)}#`;
  return (id) => {
    const key = prefix + escapePart(id);
    if (id.isWellFormed() && !isLongerThan2(key, KEY_BYTES_MAX2)) {
      return key;
    }
    const text = JSON.stringify([HASH_FORMAT, namespace, consumer, source, id]);
    return `${VERSION}#sha256#${sha256Base64Url(utf8ToBytes(text))}`;
  };
}
function escapePart(part) {
  return part.replaceAll("%", "%25").replaceAll("#", "%23");
}

// packages/request-token/src/encode-batch.ts
var FORMAT = "oncefold.request-token.v2";
var BYTES_PER_NUMBER = 4;
function encodeBatch(keys) {
  const format = utf8ToBytes(FORMAT);
  const texts = keys.map(utf8ToBytes);
  const length = texts.reduce((sum, text) => sum + BYTES_PER_NUMBER + text.length, 0);
  const bytes = new Uint8Array(BYTES_PER_NUMBER + format.length + BYTES_PER_NUMBER + length);
  let offset = writeNumber(bytes, writeText(bytes, 0, format), keys.length);
  for (const text of texts) {
    offset = writeText(bytes, offset, text);
  }
  return bytes;
}
function writeText(bytes, offset, text) {
  const start = writeNumber(bytes, offset, text.length);
  bytes.set(text, start);
  return start + text.length;
}
function writeNumber(bytes, offset, value) {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
  return offset + BYTES_PER_NUMBER;
}

// packages/request-token/src/request-token.ts
var TOKEN_LENGTH = 36;
var RECORD_IDS_MAX = 1e4;
function requestToken(options) {
  const { recordIds } = options;
  const keyOf = createIdentityKeys(options);
  checkRecordIds(recordIds);
  return sha256Base64Url(encodeBatch(recordIds.map((id) => keyOf(id)).sort())).slice(0, TOKEN_LENGTH);
}
function checkRecordIds(recordIds) {
  if (!Array.isArray(recordIds)) {
    throw new RequestTokenError("not-a-list", "recordIds");
  }
  if (recordIds.length === 0) {
    throw new RequestTokenError("empty", "recordIds");
  }
  if (recordIds.length > RECORD_IDS_MAX) {
    throw new RequestTokenError("too-many", "recordIds");
  }
  const seen = /* @__PURE__ */ new Set();
  for (const [index, recordId] of recordIds.entries()) {
    checkText(`recordIds[${index}]`, recordId);
    if (seen.has(recordId)) {
      throw new RequestTokenError("duplicate", `recordIds[${index}]`);
    }
    seen.add(recordId);
  }
}

// packages/commit/src/assert-names.ts
function assertNames({ namespace, consumer }) {
  identityKey({ namespace, consumer, source: "any", id: "any" });
}

// packages/commit/src/position.ts
var SEQUENCE_DIGITS = 129;
var SUB_SEQUENCE_DIGITS = 10;
var SUB_SEQUENCE_NUMBER_MAX = 10 ** SUB_SEQUENCE_DIGITS - 1;
var POSITION_OF_START = "0".repeat(SEQUENCE_DIGITS);
function formatPosition(sequenceNumber, subSequenceNumber = 0) {
  if (typeof sequenceNumber !== "string" || !/^\d{1,129}$/.test(sequenceNumber)) {
    throw new StrategyError("a sequence number must be text of 1 to 129 decimal digits");
  }
  if (!Number.isInteger(subSequenceNumber) || subSequenceNumber < 0 || subSequenceNumber > SUB_SEQUENCE_NUMBER_MAX) {
    throw new StrategyError(`a sub-sequence number must be an integer from 0 to ${SUB_SEQUENCE_NUMBER_MAX}`);
  }
  const subSequence = String(subSequenceNumber).padStart(SUB_SEQUENCE_DIGITS, "0");
  return `${sequenceNumber.padStart(SEQUENCE_DIGITS, "0")}.${subSequence}`;
}
function isPosition(text) {
  return text === POSITION_OF_START || /^\d{129}\.\d{10}$/.test(text);
}

// packages/commit/src/strategies/checkpoint.ts
var ATTRIBUTE = "SequenceNumber";
function checkpoint(options) {
  assertKnownOptions("checkpoint", options, {
    known: ["namespace", "consumer", "table", "startsTable", "parallelizationFactor", "formerSource"],
    required: ["namespace", "consumer", "table"]
  });
  assertNames(options);
  if (options.parallelizationFactor !== 1) {
    throw new StrategyError(
      "checkpoint needs parallelizationFactor: 1, and a mapping that has it: with more, batches of one shard overtake each other and records are lost"
    );
  }
  if (typeof options.startsTable !== "string" || options.startsTable === options.table) {
    throw new StrategyError(
      "checkpoint needs a startsTable that is another table than that of the positions: the table of a ledger will do"
    );
  }
  return {
    code: "checkpoint",
    identifiesBy: "position",
    guardSize: () => 1,
    open: (batch) => openSession(batch, options)
  };
}
function openSession(batch, options) {
  const shardId = shardOf(batch);
  const shard = identityKey({ ...options, source: batch.source, id: shardId });
  const position = { table: options.table, key: { Position: { S: shard } } };
  const marker = { table: options.startsTable, key: { Marker: { S: `${shard}#start` } } };
  const former = {
    table: options.table,
    key: { Position: { S: `${options.consumer}#${shardId}` } }
  };
  assertAscending(batch.records);
  let knowledge = { code: "unknown" };
  const hasFormer = batch.source === options.formerSource;
  const openingActions = (formerPosition) => {
    const start = formerPosition === void 0 ? POSITION_OF_START : endOf(formerPosition);
    return [
      { type: "put-if-absent", ...position, attributes: { [ATTRIBUTE]: { S: start } } },
      { type: "put-if-absent", ...marker, attributes: {} },
      ...hasFormer ? [takeOver(former, formerPosition, shard)] : []
    ];
  };
  const onOpeningFailed = (failures, pending) => {
    const failureOf = (item) => failures.find(({ action }) => itemName(action) === itemName(item));
    if (failureOf(position) !== void 0) {
      knowledge = { code: "unknown" };
      return { fresh: pending, applied: [] };
    }
    if (failureOf(marker) !== void 0) {
      throw positionLost();
    }
    const formerPosition = formerPositionIn(failureOf(former)?.existing);
    knowledge = { code: "absent", former: formerPosition };
    return partitionAt(pending, endOf(formerPosition));
  };
  return {
    opening: () => knowledge.code === "absent" ? openingActions(knowledge.former) : void 0,
    onOpened: () => {
      knowledge = { code: "unknown" };
    },
    guard: (group) => ({
      name: `${shard}#${nameOf2(lastOf(group))}`,
      actions: [raise(position, group)]
    }),
    onGuardFailed: ({ group, failures, pending }) => {
      if (group.length === 0) {
        return onOpeningFailed(failures, pending);
      }
      const existing = failures[0]?.existing;
      if (existing === void 0) {
        knowledge = { code: "absent", former: void 0 };
        return { fresh: pending, applied: [] };
      }
      const partition = partitionAt(pending, positionIn(existing));
      if (partition.applied.length === 0) {
        throw new GuardViolationError(
          "a position refused a group that lies behind it: it was changed by another program"
        );
      }
      return partition;
    }
  };
}
function partitionAt(records, position) {
  const isApplied = (record) => positionOf(record) <= position;
  return { fresh: records.filter((record) => !isApplied(record)), applied: records.filter(isApplied) };
}
function raise(position, group) {
  return {
    type: "raise",
    ...position,
    attribute: ATTRIBUTE,
    below: positionOf(firstOf(group)),
    to: positionOf(lastOf(group))
  };
}
function takeOver(former, position, shard) {
  const next = `taken over by ${shard}`;
  return position === void 0 ? { type: "put-if-absent", ...former, attributes: { [ATTRIBUTE]: { S: next } } } : { type: "compare-and-set", ...former, attribute: ATTRIBUTE, previous: position, next };
}
function formerPositionIn(item) {
  const value = item?.[ATTRIBUTE];
  if (value === void 0 || !("S" in value) || !/^\d{1,129}$/.test(value.S)) {
    throw positionLost();
  }
  return value.S;
}
function endOf(formerPosition) {
  return formatPosition(formerPosition, SUB_SEQUENCE_NUMBER_MAX);
}
function shardOf(batch) {
  if (batch.shardId === void 0 || batch.shardId === "") {
    throw new StrategyError(
      "checkpoint needs the shard id: Kinesis has it in eventID, DynamoDB Streams tell it only to a mapping with a tumbling window"
    );
  }
  return batch.shardId;
}
function positionOf(record) {
  return formatPosition(sequenceNumberOf(record), record.subSequenceNumber);
}
function nameOf2(record) {
  const { subSequenceNumber } = record;
  return `${sequenceNumberOf(record)}${subSequenceNumber === void 0 ? "" : `.${subSequenceNumber}`}`;
}
function sequenceNumberOf({ sequenceNumber }) {
  if (sequenceNumber === void 0) {
    throw new StrategyError("checkpoint needs the sequence number of every record");
  }
  return sequenceNumber;
}
function positionIn(item) {
  const value = item[ATTRIBUTE];
  if (value === void 0 || !("S" in value) || !isPosition(value.S)) {
    throw new GuardViolationError(`the position has no ${ATTRIBUTE} that this release writes`);
  }
  return value.S;
}
function positionLost() {
  return new GuardLostError(
    "the position of a shard is missing although the shard was started: put it back before the shard goes on, or records count twice"
  );
}
function firstOf(group) {
  const first = group[0];
  if (first === void 0) {
    throw new GuardViolationError("a group without records has no guard");
  }
  return first;
}
function lastOf(group) {
  return group.at(-1) ?? firstOf(group);
}
function assertAscending(records) {
  let previous = "";
  for (const [index, record] of records.entries()) {
    const position = positionOf(record);
    if (position <= previous) {
      throw new StrategyError(`record ${index} of the batch is not behind the one before it in its shard`);
    }
    previous = position;
  }
}

// packages/commit/src/strategies/ledger.ts
var FORMER_MARKER_BYTES_MAX = 2048;
function ledger(options) {
  assertKnownOptions("ledger", options, {
    known: ["namespace", "consumer", "table", "retentionSeconds", "now", "formerSource"],
    required: ["namespace", "consumer", "table", "retentionSeconds", "now"]
  });
  const { namespace, consumer, table, retentionSeconds, now, formerSource } = options;
  assertNames(options);
  if (typeof now !== "function") {
    throw new StrategyError("now must be a function, for example Date.now");
  }
  if (!Number.isSafeInteger(retentionSeconds) || retentionSeconds < 1) {
    throw new StrategyError("retentionSeconds must be a whole number of seconds, at least 1");
  }
  const markerOf = (marker, { time = 0 }) => {
    const expiresAt = Math.ceil(Math.max(now() / 1e3, time)) + retentionSeconds;
    return {
      type: "put-if-absent",
      table,
      key: { Marker: { S: marker } },
      attributes: { ExpiresAt: { N: String(expiresAt) } }
    };
  };
  const guardsOf = (source, record) => {
    const own = markerOf(identityKey({ namespace, consumer, source, id: record.id }), record);
    const former = `${consumer}#${record.id}`;
    const mayBeFormer = former.isWellFormed() && Buffer.byteLength(former) <= FORMER_MARKER_BYTES_MAX;
    return source === formerSource && mayBeFormer ? [own, markerOf(former, record)] : [own];
  };
  return {
    code: "ledger",
    identifiesBy: "id",
    guardSize: (recordCount) => (formerSource === void 0 ? 1 : 2) * recordCount,
    open: (batch) => {
      const { source } = batch;
      assertWithinRetention(batch, { nowSeconds: now() / 1e3, retentionSeconds });
      return {
        guard: (group) => ({
          name: requestToken({ namespace, consumer, source, recordIds: group.map(({ id }) => id) }),
          actions: group.flatMap((record) => guardsOf(source, record))
        }),
        onGuardFailed: ({ group, failures, pending }) => {
          const failed = new Set(failures.map(({ action }) => itemName(action)));
          const isMarked = (record) => guardsOf(source, record).some((guard) => failed.has(itemName(guard)));
          const applied = new Set(group.filter(isMarked));
          return { fresh: pending.filter((record) => !applied.has(record)), applied: [...applied] };
        },
        onRowExists: () => {
          throw new GuardLostError(
            "a row of sums exists without the markers of its records: they were deleted or have expired"
          );
        }
      };
    }
  };
}
function assertWithinRetention({ records }, { nowSeconds, retentionSeconds }) {
  for (const [index, { time }] of records.entries()) {
    if (time === void 0 || time + retentionSeconds > nowSeconds) {
      continue;
    }
    throw new GuardLostError(
      `record ${index} is older than the ledger's retention of ${retentionSeconds} s: whether it was applied cannot be known any more. Compare the sums with their source and correct the difference, or keep markers for longer than records can be late`
    );
  }
}

// packages/commit/src/strategies/none.ts
function none(options) {
  return {
    code: "none",
    identifiesBy: "id",
    guardSize: () => 0,
    open: () => ({ guard: () => ({ name: options.newName(), actions: [] }) })
  };
}

// packages/commit/src/strategies/request-token.ts
function requestTokenStrategy(options) {
  assertKnownOptions("requestTokenStrategy", options, {
    known: ["namespace", "consumer"],
    required: ["namespace", "consumer"]
  });
  const { namespace, consumer } = options;
  assertNames(options);
  return {
    code: "request-token",
    identifiesBy: "id",
    guardSize: () => 0,
    open: ({ source }) => ({
      guard: (group) => {
        const recordIds = group.map((record) => record.id);
        const token = requestToken({ namespace, consumer, source, recordIds });
        return { name: token, actions: [], token };
      },
      // The row is named by exactly these records, so it is their commit.
      onRowExists: (group) => ({ fresh: [], applied: group }),
      onTokenMismatch: (group) => ({ fresh: [], applied: group })
    })
  };
}

// packages/commit/src/create-strategy.ts
function createStrategy(code, options) {
  const { namespace, consumer, formerSource, ledgerTable, parallelizationFactor } = options;
  const names = { namespace, consumer };
  switch (code) {
    case "none":
      return none({ newName: randomUUID });
    case "request-token":
      return requestTokenStrategy(names);
    case "ledger":
      return ledger({
        ...names,
        formerSource,
        table: ledgerTable,
        retentionSeconds: options.ledgerRetentionSeconds,
        now: Date.now
      });
    case "checkpoint":
      return checkpoint({
        ...names,
        formerSource,
        parallelizationFactor,
        table: options.positionTable,
        startsTable: ledgerTable
      });
    default:
      throw new StrategyError(
        "there is no such strategy; there are none, request-token, ledger and checkpoint"
      );
  }
}

// packages/commit/src/effect.ts
var SUM_BYTES_MAX = 48;
var ROW_KEYS_MAX = 80;
function rowOfSums(options) {
  return {
    keysMax: ROW_KEYS_MAX,
    actionCount: (keyCount) => keyCount === 0 ? 0 : 1,
    // JSON writes some characters as six.
    bytesOf: (key) => Buffer.byteLength(JSON.stringify(key)) + SUM_BYTES_MAX,
    actions: (delta, identity) => {
      if (delta.size === 0) {
        return [];
      }
      const attributes = {
        [options.attribute]: { S: formatContribution(new Map(sortedEntries(delta))) }
      };
      if (options.expiry !== void 0 && identity.time !== void 0) {
        const expiresAt = Math.ceil(identity.time) + options.expiry.afterSeconds;
        attributes[options.expiry.attribute] = { N: String(expiresAt) };
      }
      return [
        {
          type: "put-if-absent",
          table: options.table,
          key: { [options.key]: { S: identity.name } },
          attributes
        }
      ];
    }
  };
}
function sortedEntries(delta) {
  return [...delta].sort(([a], [b]) => a < b ? -1 : 1);
}

// packages/middleware/src/check-contributions.ts
var KEY_BYTES_MAX3 = 2048;
var SHOWN_MAX = 80;
function checkContributions(answer, recordCount) {
  if (!Array.isArray(answer)) {
    throw new StrategyError(
      `the fold must return a list with one element per record, and nothing may answer in its place: it returned ${kindOf2(answer)}`
    );
  }
  if (answer.length !== recordCount) {
    throw new StrategyError(
      `the fold must return one element per record: ${recordCount} records, ${answer.length} elements`
    );
  }
  const owners = /* @__PURE__ */ new Map();
  return Array.from(answer, (element, index) => checkElement(element, index, owners));
}
function checkElement(element, index, owners) {
  if (typeof element !== "object" || element === null) {
    throw new StrategyError(`record ${index}: the fold returned ${kindOf2(element)}, not { contribution }`);
  }
  const { contribution, writes, preparatoryWrites } = element;
  if (!(contribution instanceof Map)) {
    throw new StrategyError(
      `record ${index}: contribution must be a Map from aggregate key to decimal, not ${kindOf2(contribution)}`
    );
  }
  const owner = owners.get(contribution);
  if (owner !== void 0 && contribution.size > 0) {
    throw new StrategyError(
      `records ${owner} and ${index} share one Map: give each record its own, or what is added to it counts for every record`
    );
  }
  owners.set(contribution, index);
  for (const [key, value] of contribution) {
    checkEntry(key, value, index);
  }
  for (const list of [writes, preparatoryWrites]) {
    if (list !== void 0 && !Array.isArray(list)) {
      throw new StrategyError(`record ${index}: writes must be a list of actions, not ${kindOf2(list)}`);
    }
  }
  return { contribution, writes, preparatoryWrites };
}
function checkEntry(key, value, index) {
  if (typeof key !== "string" || key === "" || !key.isWellFormed() || Buffer.byteLength(key) > KEY_BYTES_MAX3) {
    const what = typeof key === "string" ? JSON.stringify(key.slice(0, SHOWN_MAX)) : kindOf2(key);
    throw new StrategyError(
      `record ${index}: an aggregate key must be well-formed text of 1 to ${KEY_BYTES_MAX3} bytes, not ${what}`
    );
  }
  if (typeof value !== "bigint") {
    throw new StrategyError(
      `record ${index}, key ${JSON.stringify(key.slice(0, SHOWN_MAX))}: the value must be a decimal of parseDecimal, not ${kindOf2(value)}`
    );
  }
}
function kindOf2(value) {
  if (value === null || value === void 0) {
    return String(value);
  }
  if (typeof value === "object") {
    return `an object (${value.constructor?.name ?? "without a prototype"})`;
  }
  return `a ${typeof value}`;
}

// packages/middleware/src/record-identity.ts
function identifyRecords(event, { recordId = (record) => record.eventID, source } = {}) {
  if (!Array.isArray(event?.Records)) {
    throw new StrategyError("Records: the event of a stream has a list of records");
  }
  const records = event.Records.map((record, index) => {
    if (typeof record !== "object" || record === null || (record.kinesis ?? record.dynamodb) === void 0) {
      throw new StrategyError(`Records[${index}]: not a record of Kinesis or of DynamoDB Streams`);
    }
    const id = recordId(record);
    if (typeof id !== "string" || id === "") {
      throw new StrategyError(`Records[${index}]: the record has no id: recordId must give text`);
    }
    return {
      id,
      sequenceNumber: record.kinesis?.sequenceNumber ?? record.dynamodb?.SequenceNumber,
      subSequenceNumber: record.kinesis?.subSequenceNumber,
      time: record.kinesis?.approximateArrivalTimestamp ?? record.dynamodb?.ApproximateCreationDateTime
    };
  });
  return {
    records,
    source: source ?? onlyOne(event.Records, sourceOf, "source"),
    shardId: event.shardId ?? shardOf2(event.Records)
  };
}
function sourceOf(record, index) {
  const arn = record.eventSourceARN;
  if (typeof arn !== "string" || arn === "") {
    throw new StrategyError(
      `Records[${index}]: the record has no eventSourceARN: name the stream with the option source`
    );
  }
  return arn.replace(/(:stream\/[^/]+)\/consumer\/.*$/, "$1");
}
function shardOf2(records) {
  return records.some(({ kinesis }) => kinesis === void 0) ? void 0 : onlyOne(records, kinesisShardOf, "shard") || void 0;
}
function kinesisShardOf({ eventID }) {
  return String(eventID).slice(0, Math.max(0, String(eventID).indexOf(":")));
}
function onlyOne(records, take, what) {
  let only;
  for (const [index, record] of records.entries()) {
    const text = take(record, index);
    if (only !== void 0 && text !== only) {
      throw new StrategyError(`Records[${index}]: the records of one invocation come from one ${what}`);
    }
    only = text;
  }
  return only ?? "";
}

// packages/middleware/src/commit-once.ts
var OPTION_NAMES = [
  "transactions",
  "strategy",
  "effect",
  "recordId",
  "source",
  "onCommitted",
  "reserveMs",
  "limits",
  "clock"
];
var REGISTRY = /* @__PURE__ */ Symbol.for("@oncefold/middleware/commit-once");
var shared = globalThis;
shared[REGISTRY] ??= { handlers: /* @__PURE__ */ new WeakSet(), running: new AsyncLocalStorage() };
var { handlers, running } = shared[REGISTRY];
function commitOnce(options, fold) {
  assertKnownOptions("commitOnce", options, {
    known: OPTION_NAMES,
    required: ["transactions", "strategy", "effect"]
  });
  if (typeof fold !== "function") {
    throw new StrategyError(
      "commitOnce goes around the handler and is no middleware: commitOnce(options, middy().use(\u2026).handler(\u2026))"
    );
  }
  if (handlers.has(fold)) {
    throw new StrategyError("commitOnce is around another commitOnce: one must be enough");
  }
  const handler2 = async (event, context, ...more) => {
    assertOutermost(more);
    const { records, ...place } = identifyRecords(event, options);
    const delivered = [...event.Records];
    const answer = await running.run(true, async () => await fold(event, context));
    assertSameOrder(event.Records, delivered);
    const contributions = checkContributions(answer, records.length);
    const batch = {
      ...place,
      // Identity comes last: nothing that a fold returns can replace it.
      records: contributions.map((contribution, index) => ({
        ...contribution,
        ...records[index]
      }))
    };
    if (records.length > 0) {
      const report = await commitBatch(batch, {
        ...options,
        remainingMs: () => context.getRemainingTimeInMillis()
      });
      await options.onCommitted?.(report, batch);
    }
    const state = event.state ?? (event.window === void 0 ? void 0 : {});
    const response = state === void 0 ? {} : { state };
    return { batchItemFailures: [], ...response };
  };
  handlers.add(handler2);
  return handler2;
}
function assertSameOrder(records, delivered) {
  if (records.length === delivered.length && records.every((record, index) => record === delivered[index])) {
    return;
  }
  throw new StrategyError(
    "the fold, or middleware around it, changed the order or number of event.Records in place: sort or filter a copy"
  );
}
function assertOutermost([options]) {
  if (running.getStore() === true) {
    throw new StrategyError("commitOnce runs inside another commitOnce: one must be enough");
  }
  if (typeof options === "object" && options !== null && "signal" in options) {
    throw new StrategyError(
      "commitOnce runs inside Middy, whose other middleware could skip it: put it around, commitOnce(options, middy().use(\u2026).handler(\u2026))"
    );
  }
}

// packages/function-kit/src/commit/compose-commit.ts
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { DynamoDBClient as DynamoDBClient2 } from "@aws-sdk/client-dynamodb";

// packages/commit/src/dynamodb/classify-dynamodb-error.ts
import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
var THROTTLES = /* @__PURE__ */ new Set([
  "ThrottlingException",
  "ThrottlingError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "LimitExceededException",
  "TooManyRequestsException",
  "TransactionConflictException",
  "ReplicatedWriteConflictException"
]);
var REFUSALS = /* @__PURE__ */ new Set([
  "AccessDenied",
  "AccessDeniedException",
  "ConditionalCheckFailedException",
  "DuplicateItemException",
  "IdempotentParameterMismatchException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidEndpointException",
  "InvalidSignatureException",
  "ItemCollectionSizeLimitExceededException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "ResourceNotFoundException",
  "SerializationException",
  "TableNotFoundException",
  "TransactionCanceledException",
  "UnknownOperationException",
  "UnrecognizedClientException",
  "ValidationException"
]);
function classifyDynamoDbError(error) {
  if (!(error instanceof DynamoDBServiceException)) {
    return "unavailable";
  }
  if (THROTTLES.has(error.name)) {
    return "throttled";
  }
  if (error.$fault === "server" || (error.$metadata.httpStatusCode ?? 0) >= 500) {
    return "unavailable";
  }
  if (error.name === "InvalidSignatureException" && /expired|not yet current/i.test(error.message)) {
    return "unavailable";
  }
  return REFUSALS.has(error.name) ? "refused" : "unavailable";
}

// packages/commit/src/dynamodb/create-dynamodb-transactions.ts
import {
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand
} from "@aws-sdk/client-dynamodb";
function createDynamoDbTransactions(client) {
  return {
    transact: async (request) => {
      await assertSingleAttempt(client);
      assertSendable(request);
      const abortSignal = AbortSignal.timeout(request.timeoutMs);
      try {
        const command = new TransactWriteItemsCommand({
          TransactItems: request.actions.map(toTransactItem),
          ...request.token === void 0 ? {} : { ClientRequestToken: request.token },
          ReturnConsumedCapacity: "TOTAL"
        });
        const output = await Promise.race([client.send(command, { abortSignal }), aborted(abortSignal)]);
        const units = sumUnits(output.ConsumedCapacity ?? []);
        if (units.read === 0 && units.write === 0) {
          return { code: "unavailable", cause: new Error("the answer has no capacity, which was asked for") };
        }
        return { code: "committed", replayed: units.write === 0, units };
      } catch (error) {
        return outcomeOf(error, request.actions);
      }
    }
  };
}
function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
async function assertSingleAttempt(client) {
  if (await client.config.maxAttempts() !== 1) {
    throw new StrategyError(
      "the DynamoDB client must have maxAttempts 1: commitBatch retries, and knows when to stop"
    );
  }
}
function toTransactItem(action) {
  const place = { TableName: action.table };
  switch (action.type) {
    case "increment":
      return {
        Update: {
          ...place,
          Key: { ...action.key },
          UpdateExpression: "ADD #attribute :by",
          ExpressionAttributeNames: { "#attribute": action.attribute },
          ExpressionAttributeValues: { ":by": { N: action.by } }
        }
      };
    case "put":
      return { Put: { ...place, Item: { ...action.attributes, ...action.key } } };
    case "put-if-absent":
      return {
        Put: {
          ...place,
          Item: { ...action.attributes, ...action.key },
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": Object.keys(action.key)[0] ?? "" },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD"
        }
      };
    case "raise":
      return setIf(action, "#attribute < :other", { next: action.to, other: action.below });
    case "compare-and-set":
      return setIf(action, "#attribute = :other", { next: action.next, other: action.previous });
  }
}
function setIf(action, condition, { next, other }) {
  return {
    Update: {
      TableName: action.table,
      Key: { ...action.key },
      UpdateExpression: "SET #attribute = :next",
      ConditionExpression: condition,
      ExpressionAttributeNames: { "#attribute": action.attribute },
      ExpressionAttributeValues: { ":next": { S: next }, ":other": { S: other } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD"
    }
  };
}
function outcomeOf(error, actions) {
  if (error instanceof IdempotentParameterMismatchException) {
    return { code: "token-mismatch" };
  }
  if (error instanceof TransactionInProgressException) {
    return { code: "in-progress" };
  }
  if (error instanceof TransactionCanceledException) {
    return outcomeOfCancellation(error, actions);
  }
  switch (classifyDynamoDbError(error)) {
    case "throttled":
      return { code: "throttled" };
    case "unavailable":
      return { code: "unavailable", cause: error };
    case "refused":
      throw new TransactionRefusedError(
        `DynamoDB refused the request: ${error.name}, on ${tablesOf(actions)}`,
        { cause: error }
      );
  }
}
function tablesOf(actions) {
  return [...new Set(actions.map(({ table }) => table))].join(", ");
}
var BUSY_REASONS = /* @__PURE__ */ new Set([
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded"
]);
var REFUSAL_REASONS = /* @__PURE__ */ new Set([
  "ValidationError",
  "ItemCollectionSizeLimitExceeded",
  "AccessDenied",
  "DuplicateItem"
]);
function outcomeOfCancellation(error, actions) {
  const failures = [];
  const codes = /* @__PURE__ */ new Set();
  let refusal;
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const code = reason?.Code ?? "None";
    const action = actions[index];
    codes.add(code);
    if (REFUSAL_REASONS.has(code)) {
      refusal ??= `${code}, ${action?.type} on ${action?.table}`;
    }
    if (code === "ConditionalCheckFailed" && action !== void 0) {
      failures.push({
        action,
        existing: reason.Item === void 0 ? void 0 : fromAttributes(reason.Item)
      });
    }
  }
  if (codes.has("TransactionConflict")) {
    return { code: "conflict" };
  }
  if ([...codes].some((code) => BUSY_REASONS.has(code))) {
    return { code: "throttled" };
  }
  if (failures.length > 0) {
    return { code: "condition-failed", failures };
  }
  if (refusal === void 0) {
    return { code: "unavailable", cause: error };
  }
  throw new TransactionRefusedError(`DynamoDB cancelled the transaction: ${refusal}`, { cause: error });
}
function sumUnits(capacities) {
  let read = 0;
  let write = 0;
  for (const capacity of capacities) {
    read += capacity.ReadCapacityUnits ?? 0;
    write += capacity.WriteCapacityUnits ?? 0;
  }
  return { read, write };
}
function fromAttributes(attributes) {
  const item = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value.S !== void 0) {
      item[name] = { S: value.S };
    } else if (value.N !== void 0) {
      item[name] = { N: value.N };
    } else if (value.B !== void 0) {
      item[name] = { B: value.B };
    }
  }
  return item;
}

// packages/commit/src/powertools/powertools.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent
} from "@aws-lambda-powertools/idempotency";
function powertools(options) {
  const { newToken = randomUUID2 } = options;
  const config = new IdempotencyConfig({
    eventKeyJmesPath: "group",
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: options.expiresAfterSeconds
  });
  const nameOf3 = (source, group) => requestToken({
    namespace: options.namespace,
    consumer: options.consumer,
    source,
    recordIds: group.map((record) => record.id)
  });
  return {
    code: "powertools",
    identifiesBy: "id",
    guardSize: () => 0,
    open: ({ source }, { remainingMs }) => ({
      guard: (group) => ({ name: nameOf3(source, group), actions: [], token: newToken() }),
      around: async (group, commit) => {
        config.registerLambdaContext({ getRemainingTimeInMillis: remainingMs });
        let outcome;
        const commitIdempotently = makeIdempotent(
          async (_payload) => {
            outcome = await commit();
            if (outcome.code !== "committed") {
              throw new NotCommitted();
            }
            return { committed: true };
          },
          { persistenceStore: options.store, config, keyPrefix: options.consumer }
        );
        try {
          await commitIdempotently({ group: nameOf3(source, group) });
        } catch (error) {
          if (error instanceof NotCommitted && outcome !== void 0) {
            return outcome;
          }
          if (error instanceof IdempotencyAlreadyInProgressError) {
            throw new CommitUndecidedError(
              "another invocation is processing this group, or died while it did",
              { attempts: 1, lastOutcome: "in-progress", cause: error }
            );
          }
          throw error;
        }
        return outcome ?? { code: "already-applied" };
      },
      // The row is named by exactly these records, so it is their commit.
      onRowExists: (group) => ({ fresh: [], applied: group })
    })
  };
}
var NotCommitted = class extends Error {
};

// packages/function-kit/src/environment/client-options.ts
import { NodeHttpHandler } from "@smithy/node-http-handler";
var CONNECTION_TIMEOUT_MS = 1e3;
function clientOptions(limits) {
  const agent = { keepAlive: true, maxSockets: limits.connectionsMax };
  return {
    maxAttempts: limits.attemptsMax,
    retryMode: "standard",
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent
    })
  };
}

// packages/function-kit/src/environment/compose-stage.ts
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

// packages/function-kit/src/induced-failures/failure-sampler.ts
import { hash, randomInt } from "node:crypto";
var WHOLE = 1e6;
function createFailureSampler(options) {
  const start = drawStart(options);
  let accumulated;
  return {
    fails(percentage) {
      const share = Math.round(percentage / 100 * WHOLE);
      if (share === 0) {
        return false;
      }
      accumulated ??= startAt(start, share);
      accumulated += share;
      if (accumulated < WHOLE) {
        return false;
      }
      accumulated -= WHOLE;
      return true;
    }
  };
}
function startAt(start, share) {
  const half = WHOLE / 2;
  const room = half - share;
  return room > 0 ? half + Math.floor(start / 2 ** 32 * room) : Math.max(0, WHOLE - share - 1);
}
function drawStart({ name, seed }) {
  if (seed === void 0) {
    return randomInt(2 ** 32);
  }
  return hash("sha256", `${seed}:${name}`, "buffer").readUInt32BE(0);
}

// packages/function-kit/src/induced-failures/percentage-reader.ts
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
var CACHE_MS = 1e3;
var InducedFailureParameterError = class extends Error {
  name = "InducedFailureParameterError";
  code = "invalid-percentage";
  constructor(parameter) {
    super(`The attribute "value" of the parameter ${parameter} must be a number from 0 to 100.`);
  }
};
function createPercentageReader(options) {
  const { parameter, table, client, now = () => performance.now() } = options;
  let cached;
  return async () => {
    const startedAtMs = now();
    if (cached !== void 0 && startedAtMs < cached.expiresAtMs) {
      return cached.percentage;
    }
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { parameter: { S: parameter } }, ConsistentRead: true })
    );
    const percentage = Item === void 0 ? 0 : Number(Item["value"]?.N);
    if (!(percentage >= 0 && percentage <= 100)) {
      throw new InducedFailureParameterError(parameter);
    }
    cached = { percentage, expiresAtMs: startedAtMs + CACHE_MS };
    return percentage;
  };
}

// packages/function-kit/src/induced-failures/induce-failures.ts
var InducedFailure = class extends Error {
  name = "InducedFailure";
  code = "induced-failure";
  /** Name of the parameter whose percentage called for this failure. */
  parameter;
  constructor(parameter) {
    super(`Failure induced by the parameter ${parameter}.`);
    this.parameter = parameter;
  }
};
function induceFailures(options) {
  const { parameter, seed } = options;
  const readPercentage = createPercentageReader(options);
  const sampler = createFailureSampler({ name: parameter, seed });
  return async () => {
    if (sampler.fails(await readPercentage())) {
      throw new InducedFailure(parameter);
    }
  };
}
function composeInducedFailures(environment, options) {
  if (!environment.flag("INDUCED_FAILURES")) {
    return async () => void 0;
  }
  return induceFailures({
    ...options,
    table: environment.text("PARAMETER_TABLE"),
    seed: environment.optionalInteger("INDUCED_FAILURE_SEED", {
      min: Number.MIN_SAFE_INTEGER,
      max: Number.MAX_SAFE_INTEGER
    })
  });
}

// packages/function-kit/src/environment/environment.ts
var EnvironmentError = class extends Error {
  name = "EnvironmentError";
  code = "invalid-environment";
};
function readEnvironment(variables) {
  const nonEmpty = (name) => variables[name] === "" ? void 0 : variables[name];
  const optionalInteger = (name, range) => {
    const value = nonEmpty(name);
    if (value === void 0) {
      return void 0;
    }
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.min && number <= range.max)) {
      throw new EnvironmentError(`${name} must be a whole number from ${range.min} to ${range.max}`);
    }
    return number;
  };
  const required = (name, value) => {
    if (value === void 0) {
      throw new EnvironmentError(`${name} is not set`);
    }
    return value;
  };
  return {
    text: (name) => required(name, nonEmpty(name)),
    optionalText: nonEmpty,
    integer: (name, range) => required(name, optionalInteger(name, range)),
    optionalInteger,
    flag: (name) => {
      const value = nonEmpty(name) ?? "false";
      if (value !== "true" && value !== "false") {
        throw new EnvironmentError(`${name} must be true or false`);
      }
      return value === "true";
    },
    choice: (name, words) => {
      const value = nonEmpty(name) ?? words[0];
      const word = words.find((candidate) => candidate === value);
      if (word === void 0) {
        throw new EnvironmentError(`${name} must be one of ${words.join(", ")}`);
      }
      return word;
    }
  };
}

// packages/function-kit/src/environment/compose-stage.ts
var REQUEST_TIMEOUT_MS = 5e3;
var REQUESTS_MAX = 4;
var NAME_BYTES_MAX2 = 255;
function composeStage(environment, options) {
  const client = new DynamoDBClient(
    clientOptions({
      attemptsMax: options.attemptsMax,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connectionsMax: REQUESTS_MAX
    })
  );
  return {
    logger: new Logger(),
    metrics: new Metrics(),
    client,
    namespace: readName(environment, "NAMESPACE"),
    consumer: readName(environment, "CONSUMER"),
    induceFailure: composeInducedFailures(environment, { parameter: options.failureParameter, client })
  };
}
function readName(environment, variable) {
  const text = environment.text(variable);
  if (text.isWellFormed() && Buffer.byteLength(text) <= NAME_BYTES_MAX2) {
    return text;
  }
  throw new EnvironmentError(`${variable} must be well-formed text of at most ${NAME_BYTES_MAX2} bytes`);
}

// packages/function-kit/src/commit/publish-commit.ts
import { MetricUnit as MetricUnit2 } from "@aws-lambda-powertools/metrics";

// packages/function-kit/src/stream-records/record-ages.ts
import { MetricUnit } from "@aws-lambda-powertools/metrics";
function addAgeMetrics(metrics, times, nowMs) {
  const completed = recordAges(times.completed, nowMs);
  const all = recordAges(times.all, nowMs);
  if (completed !== void 0) {
    metrics.addMetric("StageLatency", MetricUnit.Milliseconds, completed.oldestMs);
  }
  if (all !== void 0) {
    metrics.addMetric("PositionLag", MetricUnit.Milliseconds, all.newestMs);
  }
}
function recordAges(times, nowMs) {
  const known = times.filter((time) => time !== void 0);
  if (known.length === 0) {
    return void 0;
  }
  const ageMs = (time) => Math.max(0, Math.round(nowMs - time * 1e3));
  return {
    oldestMs: ageMs(known.reduce((a, b) => Math.min(a, b))),
    newestMs: ageMs(known.reduce((a, b) => Math.max(a, b)))
  };
}

// packages/function-kit/src/commit/publish-commit.ts
function publishCommit(metrics, logger2, now = Date.now) {
  return (report, batch) => {
    const { applied, alreadyApplied, appliedUnconfirmed, ...counts } = report;
    const appliedIds = new Set(applied);
    const quarantined = batch.records.filter(
      ({ id, writes = [], preparatoryWrites = [] }) => appliedIds.has(id) && writes.length + preparatoryWrites.length > 0
    ).length;
    const figures = {
      RecordsApplied: applied.length - quarantined,
      RecordsAlreadyApplied: alreadyApplied.length,
      RecordsUnconfirmed: appliedUnconfirmed.length,
      RecordsQuarantined: quarantined,
      Commits: counts.commits,
      CommitRequests: counts.requests,
      TransactionConflicts: counts.conflicts,
      TransactionThrottles: counts.throttles,
      TokenReplays: counts.replays,
      TokenMismatches: counts.tokenMismatches
    };
    for (const [name, value] of Object.entries(figures)) {
      metrics.addMetric(name, MetricUnit2.Count, value);
    }
    const times = {
      // What had been applied before was not waiting for this.
      completed: batch.records.filter(({ id }) => appliedIds.has(id)).map(({ time }) => time),
      all: batch.records.map(({ time }) => time)
    };
    addAgeMetrics(metrics, times, now());
    metrics.publishStoredMetrics();
    logger2.info("Batch committed", { records: batch.records.length, ...figures });
    if (counts.tokenMismatches > 0) {
      logger2.warn("A request token had been used with other actions; its records are taken as applied", {
        tokenMismatches: counts.tokenMismatches
      });
    }
  };
}

// packages/function-kit/src/commit/compose-commit.ts
var STORE_ATTEMPTS_MAX = 3;
var RETENTION_SECONDS_MAX = 2 * 366 * 24 * 60 * 60;
function composeCommit(environment, failureParameter) {
  const stage = composeStage(environment, { failureParameter, attemptsMax: 1 });
  const { namespace, consumer } = stage;
  const retentionSeconds = environment.integer("LEDGER_RETENTION_SECONDS", {
    min: 1,
    max: RETENTION_SECONDS_MAX
  });
  const publish = publishCommit(stage.metrics, stage.logger);
  return {
    logger: stage.logger,
    transactions: createDynamoDbTransactions(stage.client),
    strategy: composeStrategy(environment, { namespace, consumer, retentionSeconds }),
    retentionSeconds,
    quarantine: { namespace, consumer, table: environment.text("QUARANTINE_TABLE") },
    onCommitted: async (report, batch) => {
      publish(report, batch);
      await stage.induceFailure();
    }
  };
}
function composeStrategy(environment, options) {
  const code = environment.text("STRATEGY");
  const { namespace, consumer, retentionSeconds } = options;
  if (code === "powertools") {
    const store = new DynamoDBPersistenceLayer({
      tableName: environment.text("IDEMPOTENCY_TABLE"),
      // Its requests are conditional or overwrite themselves, so the SDK may send them again as it does by default.
      awsSdkV3Client: new DynamoDBClient2(
        clientOptions({
          attemptsMax: STORE_ATTEMPTS_MAX,
          requestTimeoutMs: REQUEST_TIMEOUT_MS,
          connectionsMax: 1
        })
      )
    });
    return powertools({ namespace, consumer, store, expiresAfterSeconds: retentionSeconds });
  }
  return createStrategy(code, {
    namespace,
    consumer,
    ledgerTable: environment.text("LEDGER_TABLE"),
    ledgerRetentionSeconds: retentionSeconds,
    positionTable: environment.text("POSITION_TABLE"),
    parallelizationFactor: environment.integer("PARALLELIZATION_FACTOR", { min: 1, max: 10 }),
    formerSource: environment.optionalText("FORMER_SOURCE")
  });
}

// packages/trades/src/hierarchy.ts
var MESSAGE_COUNT = "message_count";
var reservedNames = [MESSAGE_COUNT];
function createTradeHierarchy(dimensions) {
  return createHierarchy({ dimensions, reserved: reservedNames });
}

// packages/trades/src/recorded-dimensions.ts
var TEXT_LENGTH_MAX2 = 32768;
var CACHED_MAX = 64;
var cache = /* @__PURE__ */ new Map();
function readDimensions(text) {
  const cached = cache.get(text);
  if (cached !== void 0) {
    return cached;
  }
  const hierarchy = text.length > TEXT_LENGTH_MAX2 ? void 0 : parseDimensions(text);
  if (hierarchy !== void 0) {
    if (cache.size >= CACHED_MAX) {
      cache.clear();
    }
    cache.set(text, hierarchy);
  }
  return hierarchy;
}
function parseDimensions(text) {
  try {
    const dimensions = JSON.parse(text);
    return Array.isArray(dimensions) ? createTradeHierarchy(dimensions) : void 0;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof HierarchyError) {
      return void 0;
    }
    throw error;
  }
}

// packages/trades/src/check-trade.ts
var TRADE_ID_BYTES_MAX = 1024;
var DIMENSIONS_MAX2 = 64;
var DIMENSION_BYTES_MAX = 255;
var TradeRefusal = class extends Error {
  name = "TradeRefusal";
  reason;
  field;
  constructor(reason, field) {
    super(`The trade is refused: ${reason}.`);
    this.reason = reason;
    this.field = field;
  }
};
function checkTrade(configured, readTexts2) {
  if (!configured.reserved.includes(MESSAGE_COUNT)) {
    throw new HierarchyError("not-reserved", `The hierarchy must reserve ${MESSAGE_COUNT}.`);
  }
  try {
    const texts = readTexts2();
    const hierarchy = texts.Dimensions === void 0 ? configured : checkDimensions(texts.Dimensions);
    const trade = {
      tradeId: checkTradeId(texts.id),
      version: checkVersion(texts.Version),
      value: checkNumber("Value", texts.Value),
      hierarchy: checkSegmentsOf(texts.Hierarchy, hierarchy, configured),
      dimensions: hierarchy.dimensions,
      timestamp: formatDecimal(checkNumber("Timestamp", texts.Timestamp))
    };
    return { code: "valid", trade };
  } catch (error) {
    if (!(error instanceof TradeRefusal)) {
      throw error;
    }
    const { reason, field } = error;
    return field === void 0 ? { code: "invalid", reason } : { code: "invalid", reason, field };
  }
}
function checkTradeId(text) {
  if (text === "") {
    throw new TradeRefusal("empty-text", "TradeID");
  }
  checkText2(text, "TradeID", TRADE_ID_BYTES_MAX);
  return text;
}
function checkText2(text, field, bytesMax) {
  if (isLongerThan(text, bytesMax)) {
    throw new TradeRefusal("too-long", field);
  }
  if (!text.isWellFormed()) {
    throw new TradeRefusal("malformed-unicode", field);
  }
}
function checkVersion(text) {
  const value = checkNumber("Version", text);
  const version = toSafeInteger(value);
  if (version !== void 0 && version >= 0) {
    return version;
  }
  const hasFraction = formatDecimal(value).includes(".");
  throw new TradeRefusal(hasFraction ? "not-an-integer" : "out-of-range", "Version");
}
function checkNumber(field, text) {
  const value = checkDecimal(text);
  switch (value) {
    case "not-a-number":
    case "too-long":
      throw new TradeRefusal(value, field);
    case "too-many-integer-digits":
    case "too-many-fraction-digits":
      throw new TradeRefusal("out-of-range", field);
    default:
      return value;
  }
}
function checkDimensions(text) {
  const hierarchy = readDimensions(text);
  if (hierarchy === void 0) {
    throw new TradeRefusal("invalid-dimensions", "Dimensions");
  }
  return hierarchy;
}
function checkSegmentsOf(text, hierarchy, configured) {
  const segments = readSegments(text);
  const check = checkSegments(hierarchy, segments);
  if (check.code === "invalid") {
    const isConfigured = configured.dimensions.includes(check.dimension);
    throw new TradeRefusal(check.reason, isConfigured ? `Hierarchy.${check.dimension}` : "Hierarchy");
  }
  for (const [dimension, segment] of segments) {
    if (!hierarchy.dimensions.includes(dimension)) {
      checkExtraText(dimension);
      checkExtraText(segment);
    }
  }
  return segments;
}
function readSegments(text) {
  const json = readJsonMembers(text);
  if (json.code === "invalid") {
    throw new TradeRefusal(json.reason, "Hierarchy");
  }
  if (json.members.size > DIMENSIONS_MAX2) {
    throw new TradeRefusal("too-many-dimensions", "Hierarchy");
  }
  const segments = /* @__PURE__ */ new Map();
  for (const [dimension, token] of json.members) {
    segments.set(dimension, token.kind === "string" ? decodeString(token) : token);
  }
  return segments;
}
function checkExtraText(text) {
  if (typeof text !== "string") {
    throw new TradeRefusal("wrong-type", "Hierarchy");
  }
  checkText2(text, "Hierarchy", DIMENSION_BYTES_MAX);
}

// packages/trades/src/trade.ts
function isSamePayload(a, b) {
  if (a.value !== b.value || a.hierarchy.size !== b.hierarchy.size) {
    return false;
  }
  for (const [dimension, segment] of a.hierarchy) {
    if (b.hierarchy.get(dimension) !== segment) {
      return false;
    }
  }
  return true;
}
function contributionOfTradeChange(before, after) {
  const isMessage = after !== void 0 && !(before !== void 0 && isSameVersion(before, after));
  if (!isMessage && haveSameDimensions(before, after)) {
    return /* @__PURE__ */ new Map();
  }
  const nodes = contributionOfChange(leafOf(before), leafOf(after));
  return isMessage ? mergeContributions([nodes, /* @__PURE__ */ new Map([[MESSAGE_COUNT, one]])]) : nodes;
}
function isSameVersion(a, b) {
  return a.version === b.version && isSamePayload(a, b);
}
function haveSameDimensions(a, b) {
  if (a === void 0 || b === void 0) {
    return a === b;
  }
  return a.dimensions.length === b.dimensions.length && a.dimensions.every((dimension, level) => b.dimensions[level] === dimension);
}
function leafOf(trade) {
  if (trade === void 0) {
    return void 0;
  }
  const { dimensions } = trade;
  const check = checkSegments({ dimensions, separator: ":", reserved: reservedNames }, trade.hierarchy);
  if (check.code === "invalid") {
    throw new Error(
      `A trade was not checked: its segment of level ${dimensions.indexOf(check.dimension)} is refused, ${check.reason}.`
    );
  }
  return { path: check.path, measure: trade.value };
}

// packages/trades/src/trade-item.ts
function stateImageOf(item) {
  const dimensions = item["Dimensions"];
  return {
    id: item["id"]?.S,
    Version: item["Version"]?.N,
    Value: item["Value"]?.N,
    Hierarchy: item["Hierarchy"]?.S,
    Timestamp: item["Timestamp"]?.N,
    // Taken as absent, it would be summed by a setting that changes.
    Dimensions: dimensions === void 0 ? void 0 : dimensions.S ?? ""
  };
}
function tradeFromImage(image, hierarchy) {
  return checkTrade(hierarchy, () => readTexts(image));
}
function readTexts(image) {
  const textOf = (name) => {
    const text = image[name];
    if (text === void 0) {
      throw new TradeRefusal("missing-field", name === "id" ? "TradeID" : name);
    }
    return text;
  };
  return {
    id: textOf("id"),
    Version: textOf("Version"),
    Value: textOf("Value"),
    Hierarchy: textOf("Hierarchy"),
    Timestamp: textOf("Timestamp"),
    Dimensions: image.Dimensions
  };
}

// packages/function-kit/src/environment/read-hierarchy.ts
function readHierarchy(environment, variable) {
  try {
    return createTradeHierarchy(environment.text(variable).split(","));
  } catch (error) {
    if (!(error instanceof HierarchyError)) {
      throw error;
    }
    throw new EnvironmentError(`${variable} must be 1 to 16 different names, separated by commas`, {
      cause: error
    });
  }
}

// packages/function-kit/src/quarantine/quarantine-items.ts
var HEAD_BYTES_MAX = 16384;
var PART_BYTES_MAX = 35e4;
var RECORD_ID_LENGTH_MAX = 1024;
function quarantineItems(record) {
  const { identity, payload } = record;
  const source = { S: identityKey(identity) };
  const rest = payload.subarray(HEAD_BYTES_MAX);
  const parts = Array.from(
    { length: Math.ceil(rest.byteLength / PART_BYTES_MAX) },
    (_, index) => ({
      key: { Source: source, Part: { N: String(index + 1) } },
      attributes: { Payload: { B: rest.subarray(index * PART_BYTES_MAX, (index + 1) * PART_BYTES_MAX) } }
    })
  );
  const head = {
    key: { Source: source, Part: { N: "0" } },
    attributes: {
      Namespace: { S: identity.namespace },
      Consumer: { S: identity.consumer },
      Origin: { S: identity.source },
      RecordId: { S: identity.id.slice(0, RECORD_ID_LENGTH_MAX).toWellFormed() },
      Reason: { S: record.reason },
      Detail: { S: record.detail },
      Parts: { N: String(parts.length + 1) },
      Bytes: { N: String(payload.byteLength) },
      Payload: { B: payload.subarray(0, HEAD_BYTES_MAX) }
    }
  };
  return [head, ...parts];
}

// packages/function-kit/src/quarantine/quarantine-record.ts
function quarantineRecord(record, refusal, { namespace, consumer, table }) {
  const { eventID, eventSourceARN, dynamodb } = record;
  if (eventID === void 0 || eventSourceARN === void 0) {
    throw new Error("A record without eventID and eventSourceARN cannot be quarantined: nothing names it.");
  }
  const [head, ...parts] = quarantineItems({
    identity: { namespace, consumer, source: eventSourceARN, id: eventID },
    ...refusal,
    payload: Buffer.from(JSON.stringify(dynamodb))
  });
  const put = ({ key, attributes }) => ({
    type: "put",
    table,
    key: { ...key },
    attributes: { ...attributes }
  });
  return { writes: [put(head)], preparatoryWrites: parts.map(put) };
}

// packages/function-kit/src/stream-records/read-images.ts
var StreamViewError = class extends Error {
  name = "StreamViewError";
  code = "wrong-stream-view";
  /** Index of the record in the event, from 0. */
  index;
  /** @param problem - what the record is and what is wrong with it; never its content */
  constructor(index, problem, neededView) {
    super(
      `Records[${index}]: ${problem}. Nothing of the batch was committed. Give the table a stream with StreamViewType ${neededView} and map this function to that stream.`
    );
    this.index = index;
  }
};
var SUFFICIENT_VIEWS = {
  NEW_AND_OLD_IMAGES: ["NEW_AND_OLD_IMAGES"],
  NEW_IMAGE: ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]
};
var IMAGES = {
  INSERT: { old: false, new: true },
  MODIFY: { old: true, new: true },
  REMOVE: { old: true, new: false }
};
function readImages(records, neededView) {
  return records.map((record, index) => {
    const { eventName, dynamodb } = record;
    const view = dynamodb?.StreamViewType;
    const what = `${nameForMessage(eventName)} of a stream with StreamViewType ${nameForMessage(view)}`;
    const refuse = (problem2) => new StreamViewError(index, `${what} ${problem2}`, neededView);
    if (eventName === void 0 || !Object.hasOwn(IMAGES, eventName)) {
      throw refuse("is no known kind of change");
    }
    if (view !== void 0 && !SUFFICIENT_VIEWS[neededView].includes(view)) {
      throw refuse("does not bring the images that this function needs");
    }
    const change = {
      record,
      eventName,
      oldImage: presentImage(dynamodb?.OldImage),
      newImage: presentImage(dynamodb?.NewImage)
    };
    const problem = problemOf(change, view, neededView);
    if (problem !== void 0) {
      throw refuse(problem);
    }
    return change;
  });
}
function problemOf(change, view, neededView) {
  const { record, oldImage, newImage } = change;
  const keys = record.dynamodb?.Keys ?? {};
  const has = IMAGES[change.eventName];
  const mustHaveOld = has.old && (view ?? neededView) === "NEW_AND_OLD_IMAGES";
  const mayHaveOld = has.old && view !== "NEW_IMAGE";
  if (has.new && newImage === void 0) {
    return "has no new image";
  }
  if (!has.new && newImage !== void 0) {
    return "has a new image";
  }
  if (mustHaveOld && oldImage === void 0) {
    return "has no old image";
  }
  if (!mayHaveOld && oldImage !== void 0) {
    return "has an old image";
  }
  return isOfItem(oldImage, keys) && isOfItem(newImage, keys) ? void 0 : "has an image of another item";
}
function presentImage(image) {
  return image === null || image === void 0 || Object.keys(image).length === 0 ? void 0 : image;
}
function isOfItem(image, keys) {
  return Object.entries(keys).every(
    ([name, value]) => image === void 0 || value.S === void 0 || image[name]?.S === value.S
  );
}
function nameForMessage(name) {
  if (name === void 0) {
    return "(absent)";
  }
  return typeof name === "string" && /^[A-Za-z_]{1,32}$/.test(name) ? name : "(unknown)";
}

// services/map/src/compose.ts
function compose(variables) {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, "FAILURE_MAP_LAMBDA_PCT");
  const unrecorded = variables["UNRECORDED_HIERARCHY_DIMENSIONS"] ? "UNRECORDED_HIERARCHY_DIMENSIONS" : "HIERARCHY_DIMENSIONS";
  return {
    ...commit,
    effect: rowOfSums({
      table: environment.text("REDUCE_TABLE"),
      key: "MessageId",
      attribute: "Message",
      expiry: { attribute: "ExpiresAt", afterSeconds: commit.retentionSeconds }
    }),
    changes: {
      unrecordedHierarchy: readHierarchy(environment, unrecorded),
      expiredTrades: environment.choice("EXPIRED_TRADES", ["retract", "keep"]),
      quarantine: commit.quarantine
    }
  };
}

// services/map/src/contributions-of-changes.ts
function contributionsOfChanges(records, options) {
  return readImages(records, "NEW_AND_OLD_IMAGES").map(({ record, oldImage, newImage }) => {
    if (options.expiredTrades === "keep" && isExpiry(record)) {
      return { contribution: /* @__PURE__ */ new Map() };
    }
    const before = readTrade(oldImage, options.unrecordedHierarchy);
    const after = readTrade(newImage, options.unrecordedHierarchy);
    const contribution = contributionOfTradeChange(before.trade, after.trade);
    return after.refusal === void 0 ? { contribution } : { contribution, ...quarantineRecord(record, after.refusal, options.quarantine) };
  });
}
function readTrade(image, unrecorded) {
  if (image === void 0) {
    return {};
  }
  const result = tradeFromImage(stateImageOf(image), unrecorded);
  return result.code === "valid" ? { trade: result.trade } : { refusal: { reason: result.reason, detail: result.field ?? "" } };
}
function isExpiry(record) {
  return record.eventName === "REMOVE" && record.userIdentity?.type === "Service" && record.userIdentity.principalId === "dynamodb.amazonaws.com";
}

// services/map/src/handler.ts
var { logger, transactions, strategy, effect, onCommitted, changes } = compose(process.env);
var handler = commitOnce(
  { transactions, strategy, effect, onCommitted },
  middy().use(injectLambdaContext(logger)).handler(async (event) => contributionsOfChanges(event.Records, changes))
);
export {
  handler
};
