// services/state/src/handler.ts
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";

// packages/commit/src/errors.ts
var CommitError = class extends Error {
  /** Whether the same batch, delivered again later, may succeed without any change to code or data. */
  retryable = false;
};
var StrategyError = class extends CommitError {
  name = "StrategyError";
  code = "strategy-unusable";
};

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
var KEY_BYTES_MAX = 1024;
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
    if (id.isWellFormed() && !isLongerThan2(key, KEY_BYTES_MAX)) {
      return key;
    }
    const text = JSON.stringify([HASH_FORMAT, namespace, consumer, source, id]);
    return `${VERSION}#sha256#${sha256Base64Url(utf8ToBytes(text))}`;
  };
}
function escapePart(part) {
  return part.replaceAll("%", "%25").replaceAll("#", "%23");
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

// packages/trades/src/hierarchy.ts
var MESSAGE_COUNT = "message_count";
var reservedNames = [MESSAGE_COUNT];
function createTradeHierarchy(dimensions) {
  return createHierarchy({ dimensions, reserved: reservedNames });
}

// packages/trades/src/outcomes.ts
var outcomes = ["applied", "duplicate", "stale", "conflict", "quarantined"];
var counterNames = {
  applied: "Applied",
  duplicate: "Duplicate",
  stale: "Stale",
  conflict: "Conflict",
  quarantined: "Quarantined"
};
function countOutcomes(list) {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for (const outcome of list) {
    counts[outcome] += 1;
  }
  return counts;
}
function addCounts(a, b) {
  const sums = { ...a };
  for (const outcome of outcomes) {
    sums[outcome] += b[outcome];
  }
  return sums;
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
function checkTrade(configured, readTexts4) {
  if (!configured.reserved.includes(MESSAGE_COUNT)) {
    throw new HierarchyError("not-reserved", `The hierarchy must reserve ${MESSAGE_COUNT}.`);
  }
  try {
    const texts = readTexts4();
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

// packages/trades/src/parse-trade.ts
function parseTrade(text, hierarchy) {
  return checkTrade(hierarchy, () => readTexts(readJsonMembers(text)));
}
function readTexts(json) {
  if (json.code === "invalid") {
    throw new TradeRefusal(json.reason);
  }
  const textOf = (field, ...kinds) => {
    const token = json.members.get(field);
    if (token === void 0) {
      throw new TradeRefusal("missing-field", field);
    }
    if (!kinds.includes(token.kind)) {
      throw new TradeRefusal("wrong-type", field);
    }
    return token.kind === "string" ? decodeString(token) : token.source;
  };
  return {
    id: textOf("TradeID", "string"),
    Version: textOf("Version", "number"),
    Value: textOf("Value", "number", "string"),
    Hierarchy: textOf("Hierarchy", "object"),
    Timestamp: textOf("Timestamp", "number", "string")
  };
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
function tradeToItem(trade) {
  return {
    id: trade.tradeId,
    Version: String(trade.version),
    Value: formatDecimal(trade.value),
    Hierarchy: formatSegments(trade.hierarchy),
    Timestamp: trade.timestamp,
    Dimensions: JSON.stringify(trade.dimensions)
  };
}
function tradeFromImage(image, hierarchy) {
  return checkTrade(hierarchy, () => readTexts2(image));
}
function readTexts2(image) {
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
function formatSegments(segments) {
  const members = [];
  for (const dimension of [...segments.keys()].sort()) {
    members.push(`${JSON.stringify(dimension)}:${JSON.stringify(segments.get(dimension))}`);
  }
  return `{${members.join(",")}}`;
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

// services/state/src/attempts.ts
var ATTEMPTS_MAX = 16;
var systemRequestClock = { ...systemClock, abortAfter };
function startAttempts(clock, durationMs) {
  const endMs = clock.now() + durationMs;
  let attempts = 1;
  let signal;
  return {
    // A phase that sends nothing needs no timer.
    get signal() {
      signal ??= clock.abortAfter(endMs - clock.now());
      return signal;
    },
    async again() {
      const waitMs = backoffMs(attempts, defaultRetryLimits, clock);
      if (attempts >= ATTEMPTS_MAX || clock.now() + waitMs >= endMs) {
        return false;
      }
      attempts += 1;
      await clock.sleep(waitMs);
      return true;
    }
  };
}
function abortAfter(durationMs) {
  return durationMs > 0 ? AbortSignal.timeout(Math.ceil(durationMs)) : AbortSignal.abort();
}

// services/state/src/dynamodb/accounting-store.ts
import {
  ConditionalCheckFailedException,
  UpdateItemCommand
} from "@aws-sdk/client-dynamodb";

// services/state/src/dynamodb/migrate-account.ts
import {
  TransactionCanceledException,
  TransactWriteItemsCommand
} from "@aws-sdk/client-dynamodb";

// services/state/src/dynamodb/read-items.ts
import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";

// services/state/src/dynamodb/unavailable.ts
var StoreError = class extends Error {
  name = "StoreError";
  code = "store-refused";
};
var incompleteAnswer = { code: "unavailable", reason: "IncompleteAnswer" };
function unavailableUnlessRefused(error) {
  if (classifyDynamoDbError(error) === "refused") {
    throw error;
  }
  return { code: "unavailable", reason: error instanceof Error ? error.name : "UnknownError" };
}

// services/state/src/dynamodb/read-items.ts
var READ_KEYS_MAX = 100;
async function readItems(client, { table, keys, attributes, signal }) {
  const names = Object.keys(keys[0] ?? {});
  const nameOf = (item) => JSON.stringify(names.map((name) => item[name]?.S ?? item[name]?.N));
  const command = new BatchGetItemCommand({
    RequestItems: {
      [table]: {
        Keys: [...keys],
        ConsistentRead: true,
        ...attributes !== void 0 && {
          ProjectionExpression: attributes.map((name) => `#${name}`).join(", "),
          ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name]))
        }
      }
    }
  });
  const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
  if ("code" in answer) {
    return keys.map(() => answer);
  }
  const found = answer.Responses?.[table];
  if (found === void 0 || answer.UnprocessedKeys === void 0) {
    return keys.map(() => incompleteAnswer);
  }
  const items = new Map(found.map((item) => [nameOf(item), item]));
  const unread = new Set(answer.UnprocessedKeys[table]?.Keys?.map(nameOf));
  return keys.map((key) => {
    const item = items.get(nameOf(key));
    if (item !== void 0) {
      return { code: "found", item };
    }
    return unread.has(nameOf(key)) ? { code: "unavailable", reason: "UnprocessedKeys" } : { code: "absent" };
  });
}

// services/state/src/dynamodb/migrate-account.ts
async function migrateAccount(client, entry, { table, signal }) {
  const { key, formerKey, last, counts } = entry;
  if (formerKey === void 0) {
    return { code: "none" };
  }
  const keys = [{ Shard: { S: key } }, { Shard: { S: formerKey } }];
  const [account, former] = await readItems(client, { table, keys, signal });
  if (account?.code === "found") {
    return { code: "present" };
  }
  if (account?.code === "unavailable") {
    return account;
  }
  if (former?.code === "unavailable") {
    return former;
  }
  const existing = former?.code === "found" ? former.item : void 0;
  if (existing?.["MovedTo"] !== void 0) {
    return { code: "none" };
  }
  const position = existing === void 0 ? last : positionOf(existing);
  const command = new TransactWriteItemsCommand({
    // An answer that was cut off has no capacity.
    ReturnConsumedCapacity: "TOTAL",
    TransactItems: [
      {
        Put: {
          TableName: table,
          Item: { ...existing ?? countersOf(counts), Shard: { S: key }, SequenceNumber: { S: position } },
          ...ifAbsent
        }
      },
      {
        Put: {
          TableName: table,
          Item: { Shard: { S: formerKey }, MovedTo: { S: key } },
          ...existing === void 0 ? ifAbsent : ifAt(existing)
        }
      }
    ]
  });
  try {
    const { ConsumedCapacity } = await client.send(command, { abortSignal: signal });
    if (ConsumedCapacity === void 0) {
      return incompleteAnswer;
    }
    return { code: existing === void 0 ? "started" : "present" };
  } catch (error) {
    return error instanceof TransactionCanceledException ? afterCancellation(error) : unavailableUnlessRefused(error);
  }
}
var ifAbsent = {
  ConditionExpression: "attribute_not_exists(#Shard)",
  ExpressionAttributeNames: { "#Shard": "Shard" }
};
function ifAt(former) {
  return {
    ConditionExpression: "#SequenceNumber = :seen",
    ExpressionAttributeNames: { "#SequenceNumber": "SequenceNumber" },
    ExpressionAttributeValues: { ":seen": former["SequenceNumber"] ?? { NULL: true } }
  };
}
function countersOf(counts, prefix = "") {
  return Object.fromEntries(
    outcomes.map((outcome) => [`${prefix}${counterNames[outcome]}`, { N: String(counts[outcome]) }])
  );
}
function positionOf(former) {
  const text = former["SequenceNumber"]?.S ?? "";
  if (!/^\d{129}$/.test(text)) {
    throw new StoreError(
      "The accounting table holds a position that cannot be migrated; restore or delete the item of this shard."
    );
  }
  return formatPosition(text, SUB_SEQUENCE_NUMBER_MAX);
}
function afterCancellation(error) {
  const codes = new Set(error.CancellationReasons?.map(({ Code }) => Code));
  if (codes.has("ValidationError")) {
    throw error;
  }
  if (codes.has("ConditionalCheckFailed")) {
    return { code: "present" };
  }
  return { code: "unavailable", reason: error.name };
}

// services/state/src/dynamodb/accounting-store.ts
var ROUNDS_MAX = 4;
var counters = Object.values(counterNames);
var updateExpression = `SET #SequenceNumber = :last ADD ${counters.map((name) => `#${name} :${name}`).join(", ")}`;
var attributeNames = Object.fromEntries(["SequenceNumber", ...counters].map((name) => [`#${name}`, name]));
function createDynamoDbAccountingStore(client, { table }) {
  return {
    async advance(entry, signal) {
      let mode = "continue";
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const result = await update(client, entry, { table, mode, signal });
        if (result.code !== "absent") {
          return result;
        }
        const found = mode === "start" ? { code: "present" } : await migrateAccount(client, entry, { table, signal });
        if (found.code === "unavailable") {
          return found;
        }
        if (found.code === "started") {
          return { code: "advanced" };
        }
        mode = found.code === "none" ? "start" : "continue";
      }
      return { code: "unavailable", reason: "AccountChanges" };
    }
  };
}
async function update(client, { key, first, last, counts }, options) {
  const { table, mode, signal } = options;
  const isStart = mode === "start";
  const command = new UpdateItemCommand({
    TableName: table,
    Key: { Shard: { S: key } },
    UpdateExpression: updateExpression,
    ConditionExpression: isStart ? "attribute_not_exists(#SequenceNumber)" : "#SequenceNumber < :first",
    ExpressionAttributeNames: attributeNames,
    ExpressionAttributeValues: {
      ...!isStart && { ":first": { S: first } },
      ":last": { S: last },
      ...countersOf(counts, ":")
    },
    // An answer that was cut off has no attributes.
    ReturnValues: "UPDATED_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD"
  });
  try {
    const { Attributes } = await client.send(command, { abortSignal: signal });
    return Attributes?.["SequenceNumber"]?.S === last ? { code: "advanced" } : incompleteAnswer;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      return unavailableUnlessRefused(error);
    }
    if (isStart || error.Item === void 0) {
      return { code: "absent" };
    }
    return refusedAt(error, first);
  }
}
function refusedAt(error, first) {
  const position = error.Item?.["SequenceNumber"]?.S;
  if (position === void 0 || position.length !== first.length || position < first) {
    throw new StoreError(
      "The accounting table holds a position that cannot be compared; restore or delete the item of this shard.",
      { cause: error }
    );
  }
  return { code: "refused", position };
}

// services/state/src/dynamodb/quarantine-store.ts
import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
var PUTS_MAX = 25;
function createDynamoDbQuarantineStore(client, { table }) {
  return {
    itemsMax: PUTS_MAX,
    keysMax: READ_KEYS_MAX,
    async put(items, signal) {
      const puts = items.map(({ key, attributes }) => ({ PutRequest: { Item: { ...key, ...attributes } } }));
      const command = new BatchWriteItemCommand({ RequestItems: { [table]: puts } });
      const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
      if ("code" in answer) {
        return items.map(() => answer);
      }
      if (answer.UnprocessedItems === void 0) {
        return items.map(() => incompleteAnswer);
      }
      const unprocessed = new Set(
        answer.UnprocessedItems[table]?.map(({ PutRequest }) => keyTextOf(PutRequest?.Item))
      );
      return items.map(
        ({ key }) => unprocessed.has(keyTextOf({ ...key })) ? { code: "unavailable", reason: "UnprocessedItems" } : { code: "written" }
      );
    },
    async find(recordKeys, signal) {
      const keys = recordKeys.map((key) => ({ Source: { S: key }, Part: { N: "0" } }));
      const attributes = ["Source", "Part", "Reason"];
      const items = await readItems(client, { table, keys, attributes, signal });
      return items.map(
        (read) => read.code === "found" ? { code: "found", reason: read.item["Reason"]?.S } : read
      );
    }
  };
}
function keyTextOf(item) {
  return `${item?.["Part"]?.N}#${item?.["Source"]?.S}`;
}

// services/state/src/dynamodb/state-store.ts
import {
  BatchExecuteStatementCommand
} from "@aws-sdk/client-dynamodb";

// services/state/src/version-history.ts
import { hash as hash2 } from "node:crypto";
var HISTORY_MAX = 8;
var PAYLOAD_HASH_LENGTH = 12;
var SHARD_HASH_LENGTH = 8;
var ENTRY = /^(\d{1,16}):([\w-]{8}):([\da-z]{1,84}):(\d{1,10}):([\w-]{12})$/;
function shardHash(shardKey) {
  return hash2("sha256", shardKey, "base64url").slice(0, SHARD_HASH_LENGTH);
}
function payloadHash({ Value, Hierarchy }) {
  return hash2("sha256", `${Value} ${Hierarchy}`, "base64url").slice(0, PAYLOAD_HASH_LENGTH);
}
function historySlot(version) {
  return version % HISTORY_MAX;
}
function formatHistoryEntry(image, reference) {
  const { shard, sequence, subSequence } = reference;
  return `${image.Version}:${shard}:${sequence}:${subSequence}:${payloadHash(image)}`;
}
function parseHistory(history) {
  return history.flatMap((text) => {
    const [, version, shard, sequence, subSequence, payload] = ENTRY.exec(text ?? "") ?? [];
    if (shard === void 0 || sequence === void 0 || payload === void 0) {
      return [];
    }
    const reference = { shard, sequence, subSequence: Number(subSequence) };
    return [{ version: Number(version), reference, payloadHash: payload }];
  });
}
function isSameRecord(a, b) {
  return a.shard === b.shard && a.sequence === b.sequence && a.subSequence === b.subSequence;
}
function isLater(a, b) {
  if (a.shard !== b.shard) {
    return false;
  }
  if (a.sequence.length !== b.sequence.length) {
    return a.sequence.length > b.sequence.length;
  }
  return a.sequence === b.sequence ? a.subSequence > b.subSequence : a.sequence > b.sequence;
}

// services/state/src/dynamodb/existing-item.ts
var historyAttributes = Array.from(
  { length: HISTORY_MAX },
  (_, slot) => `Applied${slot}`
);
var writerAttributes = ["RecordId", ...historyAttributes];
function writersOf(item) {
  return { recordId: item["RecordId"]?.S, history: historyAttributes.map((name) => item[name]?.S) };
}
function readExistingItem(item, hierarchy) {
  const image = stateImageOf(item);
  const version = Number(image.Version);
  if (!Number.isSafeInteger(version)) {
    return { code: "unreadable" };
  }
  const read = tradeFromImage(image, hierarchy);
  const trade = read.code === "valid" ? read.trade : void 0;
  return { code: "kept", stored: { version, trade, ...writersOf(item) } };
}
async function confirmAbsent(client, answered, options) {
  const { table, hierarchy, signal } = options;
  const absent = answered.filter(({ result }) => result.code === "absent");
  if (absent.length === 0) {
    return answered.map(({ result }) => result);
  }
  const keys = absent.map(({ write }) => ({ id: { S: write.trade.tradeId } }));
  const items = await readItems(client, { table, keys, signal });
  const reads = new Map(absent.map((answer, index) => [answer, items[index]]));
  return answered.map((answer) => {
    const read = reads.get(answer);
    return read === void 0 ? answer.result : resultOf(read, answer.write, hierarchy);
  });
}
function resultOf(read, { trade }, hierarchy) {
  if (read.code !== "found") {
    return read;
  }
  const existing = readExistingItem(read.item, hierarchy);
  if (existing.code === "kept" && existing.stored.version < trade.version) {
    return { code: "exists" };
  }
  return existing;
}

// services/state/src/dynamodb/state-store.ts
var STATEMENTS_MAX = 25;
var REFUSALS2 = /* @__PURE__ */ new Set(["AccessDenied", "ResourceNotFound", "ValidationError"]);
function createDynamoDbStateStore(client, { table, hierarchy }) {
  const statements = statementsFor(table);
  return {
    writesMax: STATEMENTS_MAX,
    async write(writes, signal) {
      const command = new BatchExecuteStatementCommand({
        Statements: writes.map((write) => statementOf(write, statements))
      });
      const answer = await client.send(command, { abortSignal: signal }).catch(unavailableUnlessRefused);
      if ("code" in answer) {
        return writes.map(() => answer);
      }
      const responses = answer.Responses ?? [];
      if (responses.length !== writes.length) {
        return writes.map(() => incompleteAnswer);
      }
      const answered = writes.map((write, index) => {
        const response = responses[index];
        return { write, result: response ? resultOf2(response, hierarchy) : incompleteAnswer };
      });
      return confirmAbsent(client, answered, { table, hierarchy, signal });
    },
    keysMax: READ_KEYS_MAX,
    async find(tradeIds, signal) {
      const keys = tradeIds.map((id) => ({ id: { S: id } }));
      const items = await readItems(client, { table, keys, attributes: ["id", ...writerAttributes], signal });
      return items.map(
        (read) => read.code === "found" ? { code: "found", writers: writersOf(read.item) } : read
      );
    }
  };
}
function statementsFor(table) {
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new TypeError("The name of the state table is not valid.");
  }
  const values = ["Version", "Value", "Hierarchy", "Timestamp", "Dimensions", "RecordId"];
  return {
    inserts: historyAttributes.map((entry) => {
      const members = [...values, entry, "id"].map((name) => `'${name}':?`);
      return `INSERT INTO "${table}" VALUE {${members.join(",")}}`;
    }),
    updates: historyAttributes.map((entry) => {
      const assignments = [...values, entry].map((name) => `"${name}"=?`);
      return `UPDATE "${table}" SET ${assignments.join(", ")} WHERE "id"=? AND "Version"<?`;
    })
  };
}
function statementOf({ mode, trade, recordKey, reference }, statements) {
  const item = tradeToItem(trade);
  const slot = historySlot(trade.version);
  const Parameters = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: item.Dimensions },
    { S: recordKey },
    { S: formatHistoryEntry(item, reference) },
    { S: item.id }
  ];
  if (mode === "insert") {
    return { Statement: statements.inserts[slot], Parameters };
  }
  Parameters.push({ N: item.Version });
  return {
    Statement: statements.updates[slot],
    Parameters,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD"
  };
}
function resultOf2({ Error: error }, hierarchy) {
  if (error === void 0) {
    return { code: "written" };
  }
  if (error.Code === "DuplicateItem") {
    return { code: "exists" };
  }
  if (error.Code === "ConditionalCheckFailed") {
    return error.Item === void 0 ? { code: "absent" } : readExistingItem(error.Item, hierarchy);
  }
  if (isAboutSize(error)) {
    return { code: "unwritable" };
  }
  if (error.Code !== void 0 && REFUSALS2.has(error.Code)) {
    throw new StoreError(`DynamoDB refused a statement: ${error.Code}.`);
  }
  return { code: "unavailable", reason: error.Code ?? "UnknownError" };
}
function isAboutSize({ Code, Message }) {
  if (Code === "ItemCollectionSizeLimitExceeded") {
    return true;
  }
  return Code === "ValidationError" && /\bsize\b/i.test(Message ?? "");
}

// services/state/src/publish-batch.ts
import { MetricUnit as MetricUnit2 } from "@aws-lambda-powertools/metrics";
var LOGGED_MAX = 20;
function publishBatch(metrics, logger2) {
  return ({ records, counted, quarantined, response, failed }, event) => {
    const failedCount = Object.values(failed).reduce((sum, count) => sum + count, 0);
    metrics.addMetric("Records", MetricUnit2.Count, records);
    for (const outcome of outcomes) {
      metrics.addMetric(counterNames[outcome], MetricUnit2.Count, counted[outcome]);
    }
    metrics.addMetric("BatchItemFailures", MetricUnit2.Count, response.batchItemFailures.length);
    const times = arrivalTimes(event, response);
    addAgeMetrics(metrics, { completed: times, all: times }, Date.now());
    metrics.publishStoredMetrics();
    logger2.info("Batch processed.", { records, ...counted, failed: failedCount });
    if (failedCount > 0) {
      logger2.warn("Records are left for the next delivery.", { reasons: failed });
    }
    if (quarantined.length > 0) {
      logger2.warn("Records were quarantined.", {
        total: quarantined.length,
        first: quarantined.slice(0, LOGGED_MAX)
      });
    }
  };
}
function arrivalTimes({ Records }, { batchItemFailures }) {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const end = Records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
  const done = end === -1 ? Records : Records.slice(0, end);
  return done.map(({ kinesis }) => kinesis.approximateArrivalTimestamp);
}

// services/state/src/compose.ts
var ATTEMPTS_MAX2 = 3;
function compose(variables) {
  const environment = readEnvironment(variables);
  if (environment.integer("PARALLELIZATION_FACTOR", { min: 1, max: 10 }) !== 1) {
    throw new EnvironmentError(
      "PARALLELIZATION_FACTOR must be 1: records are counted by their position in the shard, and batches of one shard that run at the same time overtake each other; set ParallelizationFactor of the event source mapping to 1, and use more shards"
    );
  }
  const { logger: logger2, metrics, client, namespace, consumer, induceFailure: induceFailure2 } = composeStage(environment, {
    failureParameter: "FAILURE_STATE_LAMBDA_PCT",
    attemptsMax: ATTEMPTS_MAX2
  });
  const hierarchy = readHierarchy(environment, "HIERARCHY_DIMENSIONS");
  return {
    logger: logger2,
    induceFailure: induceFailure2,
    ports: {
      state: createDynamoDbStateStore(client, { table: environment.text("STATE_TABLE"), hierarchy }),
      quarantine: createDynamoDbQuarantineStore(client, { table: environment.text("QUARANTINE_TABLE") }),
      accounting: createDynamoDbAccountingStore(client, { table: environment.text("ACCOUNTING_TABLE") }),
      clock: systemRequestClock
    },
    settings: {
      hierarchy,
      namespace,
      consumer,
      formerSource: environment.optionalText("FORMER_SOURCE"),
      requestsMax: REQUESTS_MAX
    },
    publish: publishBatch(metrics, logger2)
  };
}

// services/state/src/account-records.ts
var REFUSALS_MAX = 8;
var AccountingError = class extends Error {
  name = "AccountingError";
  code = "accounting-unavailable";
};
async function accountRecords({ key, formerKey }, records, store, attempts) {
  let open = records;
  for (let refusals = 0; refusals <= REFUSALS_MAX; ) {
    const first = open[0];
    const last = open.at(-1);
    const counts = countOutcomes(open.map(({ outcome }) => outcome));
    if (first === void 0 || last === void 0) {
      return counts;
    }
    const result = await store.advance(
      { key, formerKey, first: first.position, last: last.position, counts },
      attempts.signal
    );
    if (result.code === "advanced") {
      return counts;
    }
    if (result.code === "refused") {
      refusals += 1;
      open = open.filter((record) => record.position > result.position);
    } else if (!await attempts.again()) {
      throw new AccountingError(`The outcomes of ${key} could not be counted in time: ${result.reason}.`);
    }
  }
  throw new AccountingError(`The position of ${key} is moved by others again and again.`);
}

// services/state/src/decided-record.ts
var versionConflict = {
  outcome: "conflict",
  reason: "version-conflict",
  detail: "Version"
};
function refusalOf({ decision }) {
  if (decision.outcome !== "conflict" && decision.outcome !== "quarantined") {
    return void 0;
  }
  const { reason, detail } = decision;
  return { reason, detail };
}

// services/state/src/compare-version.ts
function compareVersion(arrived, stored) {
  const { trade } = arrived;
  if (trade.version > stored.version) {
    return "newer";
  }
  if (trade.version < stored.version) {
    return compareEarlier(arrived, stored.history);
  }
  if (wroteCurrentVersion(arrived, stored)) {
    return "applied";
  }
  return stored.trade !== void 0 && isSamePayload(trade, stored.trade) ? "duplicate" : "conflict";
}
function hasWritten(record, writers) {
  return wroteCurrentVersion(record, writers) || parseHistory(writers.history).some(({ reference }) => isSameRecord(reference, record.reference));
}
function wroteCurrentVersion({ recordKey, formerRecordKey }, { recordId }) {
  return recordId !== void 0 && [recordKey, formerRecordKey].includes(recordId);
}
function compareEarlier({ trade, reference }, history) {
  const written = parseHistory(history).sort((a, b) => a.version - b.version);
  const same = written.find(({ version }) => version === trade.version);
  if (same === void 0) {
    return "stale";
  }
  if (isSameRecord(same.reference, reference)) {
    return "applied";
  }
  const next = written.find(({ version }) => version > trade.version);
  if (next === void 0 || !isLater(next.reference, reference)) {
    return "stale";
  }
  return same.payloadHash === payloadHash(tradeToItem(trade)) ? "duplicate" : "conflict";
}

// services/state/src/request-all.ts
async function requestOnce(items, { itemsMax, send }, { attempts, requestsMax }) {
  const chunks = await mapWithLimit(chunksOf(items, itemsMax), requestsMax, async (chunk) => {
    const results = await send(chunk, attempts.signal);
    return chunk.map((item, index) => {
      const result = results[index];
      if (result === void 0) {
        throw new Error("A list of results is shorter than promised.");
      }
      return { item, result };
    });
  });
  return chunks.flat();
}
async function requestAll(items, request, options) {
  const results = /* @__PURE__ */ new Map();
  let open = items;
  while (open.length > 0) {
    for (const { item, result } of await requestOnce(open, request, options)) {
      results.set(item, result);
    }
    open = open.filter((item) => results.get(item)?.code === "unavailable");
    if (open.length > 0 && !await options.attempts.again()) {
      break;
    }
  }
  return results;
}
async function mapWithLimit(items, limit, map) {
  const results = [];
  const failures = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await map(items[index]);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) {
    throw failures[0];
  }
  return results;
}
function chunksOf(items, size) {
  const chunks = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}

// services/state/src/find-earlier-outcomes.ts
async function findEarlierWrites(decided, store, options) {
  const tradeIds = new Set(decided.flatMap((one2) => tradeIdOf(one2) ?? []));
  const found = await requestAll([...tradeIds], { itemsMax: store.keysMax, send: store.find }, options);
  return decided.map((one2) => {
    const { record } = one2;
    const result = found.get(tradeIdOf(one2) ?? "");
    if (result?.code === "unavailable") {
      return { record, decision: { outcome: "failed", reason: result.reason } };
    }
    if (result?.code === "found" && hasWritten(record, result.writers)) {
      return { record, decision: { outcome: "applied" } };
    }
    return one2;
  });
}
function tradeIdOf({ record }) {
  return record.code === "invalid" ? record.tradeId : void 0;
}
async function findEarlierConflicts(decided, store, options) {
  const stale = decided.filter(({ decision }) => decision.outcome === "stale");
  const keys = stale.map(({ record }) => record.recordKey);
  const found = await requestAll(keys, { itemsMax: store.keysMax, send: store.find }, options);
  return decided.map((one2) => {
    const { record, decision } = one2;
    const result = decision.outcome === "stale" ? found.get(record.recordKey) : void 0;
    if (result?.code === "unavailable") {
      return { record, decision: { outcome: "failed", reason: result.reason } };
    }
    if (result?.code === "found" && result.reason === versionConflict.reason) {
      return { record, decision: versionConflict };
    }
    return one2;
  });
}

// services/state/src/quarantine-records.ts
async function quarantineRecords(decided, store, options) {
  const failures = /* @__PURE__ */ new Map();
  const putAll = async (items2) => {
    const results = await requestAll(items2, { itemsMax: store.itemsMax, send: store.put }, options);
    for (const [{ key }, result] of results) {
      if (result.code === "unavailable") {
        failures.set(key.Source.S, result.reason);
      }
    }
  };
  const items = decided.flatMap((one2) => {
    const { identity, bytes: payload } = one2.record;
    const refusal = refusalOf(one2);
    return refusal === void 0 ? [] : [quarantineItems({ identity, ...refusal, payload })];
  });
  await putAll(items.flatMap(([, ...parts]) => parts));
  await putAll(items.flatMap(([head]) => failures.has(head.key.Source.S) ? [] : [head]));
  return decided.map((one2) => {
    const reason = failures.get(one2.record.recordKey);
    return reason === void 0 ? one2 : { record: one2.record, decision: { outcome: "failed", reason } };
  });
}

// services/state/src/unpack-record.ts
import { isUtf8 } from "node:buffer";

// packages/kinesis-aggregation/src/read-aggregate.ts
import { createHash as createHash2 } from "node:crypto";

// packages/kinesis-aggregation/src/read-wire-fields.ts
var VARINT_BYTES_MAX = 10;
var LAST_VARINT_BYTE_MAX = 1;
var TAG_MAX = 4294967295;
var TAG_MIN = 8;
function readWireFields(bytes, shape) {
  const fields = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset);
    if (tag === void 0 || tag.value < TAG_MIN || tag.value > TAG_MAX) {
      return void 0;
    }
    const number = Math.floor(tag.value / 8);
    const read = readValue(bytes, tag.end, { number, wireType: tag.value % 8 });
    if (read === void 0 || read.end > bytes.length) {
      return void 0;
    }
    if (read.field.wireType !== (shape[number] ?? read.field.wireType)) {
      return void 0;
    }
    fields.push(read.field);
    offset = read.end;
  }
  return fields;
}
function readValue(bytes, start, tag) {
  const { number, wireType } = tag;
  switch (wireType) {
    case 0: {
      const read = readVarint(bytes, start);
      return read && { field: { wireType: "varint", number, value: read.value }, end: read.end };
    }
    case 1:
      return { field: { wireType: "fixed", number }, end: start + 8 };
    case 2: {
      const length = readVarint(bytes, start);
      if (length === void 0) {
        return void 0;
      }
      const end = length.end + length.value;
      return { field: { wireType: "bytes", number, value: bytes.subarray(length.end, end) }, end };
    }
    case 5:
      return { field: { wireType: "fixed", number }, end: start + 4 };
    default:
      return void 0;
  }
}
function readVarint(bytes, start) {
  let value = 0;
  for (let index = 0; index < VARINT_BYTES_MAX; index += 1) {
    const byte = bytes[start + index];
    if (byte === void 0 || index === VARINT_BYTES_MAX - 1 && byte > LAST_VARINT_BYTE_MAX) {
      return void 0;
    }
    value += byte % 128 * 128 ** index;
    if (byte < 128) {
      return { value, end: start + index + 1 };
    }
  }
  return void 0;
}

// packages/kinesis-aggregation/src/read-aggregate.ts
var MAGIC_NUMBER = Uint8Array.of(243, 137, 154, 194);
var CHECKSUM_BYTES = 16;
var PARTITION_KEY_TABLE = 1;
var EXPLICIT_HASH_KEY_TABLE = 2;
var RECORDS = 3;
var AGGREGATED_RECORD = {
  [PARTITION_KEY_TABLE]: "bytes",
  [EXPLICIT_HASH_KEY_TABLE]: "bytes",
  [RECORDS]: "bytes"
};
var PARTITION_KEY_INDEX = 1;
var EXPLICIT_HASH_KEY_INDEX = 2;
var DATA = 3;
var RECORD = {
  [PARTITION_KEY_INDEX]: "varint",
  [EXPLICIT_HASH_KEY_INDEX]: "varint",
  [DATA]: "bytes"
};
function readAggregate(bytes) {
  if (!MAGIC_NUMBER.every((byte, index) => bytes[index] === byte)) {
    return { code: "plain" };
  }
  if (bytes.length < MAGIC_NUMBER.length + CHECKSUM_BYTES) {
    return broken("too-short");
  }
  const body = bytes.subarray(MAGIC_NUMBER.length, bytes.length - CHECKSUM_BYTES);
  if (!createHash2("md5").update(body).digest().equals(bytes.subarray(-CHECKSUM_BYTES))) {
    return broken("checksum-mismatch");
  }
  return readBody(body);
}
function readBody(body) {
  const fields = readWireFields(body, AGGREGATED_RECORD);
  const partitionKeys = fields && readTexts3(fields, PARTITION_KEY_TABLE);
  const explicitHashKeys = fields && readTexts3(fields, EXPLICIT_HASH_KEY_TABLE);
  if (fields === void 0 || partitionKeys === void 0 || explicitHashKeys === void 0) {
    return broken("malformed");
  }
  const records = [];
  for (const message of bytesOf(fields, RECORDS)) {
    const record = readRecord(message, records.length, { partitionKeys, explicitHashKeys });
    if (typeof record === "string") {
      return broken(record);
    }
    records.push(record);
  }
  return records.length === 0 ? broken("no-records") : { code: "aggregated", records };
}
function readRecord(message, subSequenceNumber, keys) {
  const fields = readWireFields(message, RECORD);
  if (fields === void 0) {
    return "malformed";
  }
  const partitionKeyIndex = lastVarintOf(fields, PARTITION_KEY_INDEX);
  const explicitHashKeyIndex = lastVarintOf(fields, EXPLICIT_HASH_KEY_INDEX);
  const data = bytesOf(fields, DATA).at(-1);
  if (partitionKeyIndex === void 0 || data === void 0) {
    return "missing-field";
  }
  const partitionKey = keys.partitionKeys[partitionKeyIndex];
  if (partitionKey === void 0) {
    return "index-out-of-range";
  }
  if (explicitHashKeyIndex === void 0) {
    return { subSequenceNumber, partitionKey, data };
  }
  const explicitHashKey = keys.explicitHashKeys[explicitHashKeyIndex];
  return explicitHashKey === void 0 ? "index-out-of-range" : { subSequenceNumber, partitionKey, explicitHashKey, data };
}
function bytesOf(fields, number) {
  return fields.flatMap(
    (field) => field.number === number && field.wireType === "bytes" ? [field.value] : []
  );
}
function lastVarintOf(fields, number) {
  const field = fields.findLast((candidate) => candidate.number === number);
  return field?.wireType === "varint" ? field.value : void 0;
}
function readTexts3(fields, number) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return bytesOf(fields, number).map((bytes) => decoder.decode(bytes));
  } catch {
    return void 0;
  }
}
function broken(reason) {
  return { code: "broken", reason };
}

// services/state/src/unpack-record.ts
var USER_RECORDS_MAX = 1e4;
function unpackRecord(record, origin) {
  const bytes = Buffer.from(record.data, "base64");
  const whole = (content) => [toRecord({ ...record, bytes }, content, origin)];
  const aggregate = readAggregate(bytes);
  if (aggregate.code === "plain") {
    return whole(contentOf(bytes, origin));
  }
  if (aggregate.code === "broken") {
    return whole({ code: "invalid", reason: "broken-aggregate", detail: aggregate.reason });
  }
  if (aggregate.records.length > USER_RECORDS_MAX) {
    return whole({ code: "invalid", reason: "oversized-aggregate" });
  }
  return aggregate.records.map(
    ({ data, subSequenceNumber }) => toRecord({ ...record, subSequenceNumber, bytes: data }, contentOf(data, origin), origin)
  );
}
function toRecord(record, content, { namespace, consumer, source, formerSource }) {
  const { eventId, sequenceNumber, subSequenceNumber, shard, bytes } = record;
  const id = subSequenceNumber === void 0 ? eventId : `${eventId}:${subSequenceNumber}`;
  const identity = { namespace, consumer, source, id };
  return {
    identity,
    recordKey: identityKey(identity),
    formerRecordKey: subSequenceNumber === void 0 && source === formerSource ? eventId : void 0,
    shard,
    reference: {
      shard: shard.hash,
      sequence: BigInt(sequenceNumber).toString(36),
      subSequence: subSequenceNumber ?? 0
    },
    sequenceNumber,
    position: formatPosition(sequenceNumber, subSequenceNumber),
    bytes,
    ...content
  };
}
function contentOf(bytes, { hierarchy }) {
  if (!isUtf8(bytes)) {
    return { code: "invalid", reason: "not-utf-8" };
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const parsed = parseTrade(text, hierarchy);
  if (parsed.code === "valid") {
    return parsed;
  }
  const { code, reason, field } = parsed;
  const byNone = parseTrade(text, { ...hierarchy, dimensions: [] });
  return {
    code,
    reason,
    ...field !== void 0 && { detail: field },
    ...byNone.code === "valid" && { tradeId: byNone.trade.tradeId }
  };
}

// services/state/src/read-records.ts
var StreamEventError = class extends Error {
  name = "StreamEventError";
  code = "invalid-event";
};
function readRecords(event, settings2) {
  if (!Array.isArray(event?.Records)) {
    throw new StreamEventError('The event has no list "Records".');
  }
  const [first] = event.Records;
  if (first === void 0) {
    return [];
  }
  const origin = { ...settings2, source: sourceOf(first) };
  const shards = /* @__PURE__ */ new Map();
  const lastPositions = /* @__PURE__ */ new Map();
  return event.Records.flatMap((source) => {
    if (source?.eventSourceARN !== first.eventSourceARN) {
      throw new StreamEventError("The records of the event come from different streams.");
    }
    const records = readRecord2(source, origin, shards);
    for (const { shard, position } of records) {
      const last = lastPositions.get(shard.id);
      if (last !== void 0 && last >= position) {
        throw new StreamEventError(`Records of ${shard.id} are not in the order of the stream.`);
      }
      lastPositions.set(shard.id, position);
    }
    return records;
  });
}
function sourceOf(record) {
  const arn = record?.eventSourceARN;
  if (typeof arn !== "string" || arn === "") {
    throw new StreamEventError(
      "A record has no eventSourceARN: records of different streams could not be distinguished."
    );
  }
  return arn.replace(/(:stream\/[^/]+)\/consumer\/.*$/, "$1");
}
function readRecord2(record, origin, shards) {
  const eventId = record.eventID;
  const sequenceNumber = record.kinesis?.sequenceNumber;
  if (typeof eventId !== "string" || typeof sequenceNumber !== "string" || !/^\d{1,129}$/.test(sequenceNumber)) {
    throw new StreamEventError("A record has no eventID or sequence number of Kinesis.");
  }
  const shardIdLength = eventId.length - sequenceNumber.length - 1;
  if (shardIdLength < 1 || !eventId.endsWith(`:${sequenceNumber}`)) {
    throw new StreamEventError("The eventID of a record is not made of shard id and sequence number.");
  }
  const { data } = record.kinesis;
  if (typeof data !== "string") {
    throw new StreamEventError(`The record ${eventId} has no data.`);
  }
  const shardId = eventId.slice(0, shardIdLength);
  const shard = shards.get(shardId) ?? createShard(shardId, origin);
  shards.set(shardId, shard);
  return unpackRecord({ eventId, sequenceNumber, shard, data }, origin);
}
function createShard(id, { namespace, consumer, source, formerSource }) {
  const key = identityKey({ namespace, consumer, source, id });
  const formerKey = source === formerSource ? `${consumer}#${id}` : void 0;
  return { id, key, formerKey, hash: shardHash(key) };
}

// services/state/src/upsert-records.ts
var FLIPS_MAX = 8;
async function upsertRecords(records, store, options) {
  const decisions = /* @__PURE__ */ new Map();
  let open = queuesByTrade(records.filter((record) => record.code === "valid"));
  while (open.length > 0) {
    const unavailable = [];
    for (const { item: queue, result } of await writeHeads(open, store, options)) {
      if (result.code === "unavailable") {
        unavailable.push({ queue, reason: result.reason });
      } else {
        decideHead(queue, result, decisions);
      }
    }
    if (unavailable.length > 0 && !await options.attempts.again()) {
      for (const { queue, reason } of unavailable) {
        failRest(queue, reason, decisions);
      }
    }
    open = open.filter((queue) => queue.next < queue.records.length);
  }
  return records.map((record) => ({ record, decision: decisionOf(record, decisions) }));
}
function decisionOf(record, decisions) {
  if (record.code === "invalid") {
    return { outcome: "quarantined", reason: record.reason, detail: record.detail ?? "" };
  }
  const decision = decisions.get(record);
  if (decision === void 0) {
    throw new Error("A record was not decided.");
  }
  return decision;
}
function queuesByTrade(records) {
  const byTrade = Map.groupBy(records, ({ trade }) => trade.tradeId);
  return [...byTrade.values()].map((ofTrade) => ({ records: ofTrade, next: 0, mode: "insert", flips: 0 }));
}
function writeHeads(queues, store, options) {
  const send = (some, signal) => store.write(
    some.map((queue) => {
      const { trade, recordKey, reference } = headOf(queue);
      return { mode: queue.mode, trade, recordKey, reference };
    }),
    signal
  );
  return requestOnce(queues, { itemsMax: store.writesMax, send }, options);
}
function decideHead(queue, result, decisions) {
  switch (result.code) {
    case "written": {
      const { trade, recordKey } = headOf(queue);
      const history = queue.mode === "insert" ? [] : void 0;
      decideOne(queue, { outcome: "applied" }, decisions);
      decideKnown(queue, { version: trade.version, recordId: recordKey, trade, history }, decisions);
      break;
    }
    case "kept":
      if (result.stored.version < headOf(queue).trade.version) {
        throw new Error("The state store refused a version although it holds a lower one.");
      }
      decideKnown(queue, result.stored, decisions);
      break;
    case "unreadable":
      decideOne(queue, { outcome: "quarantined", reason: "unreadable-state", detail: "" }, decisions);
      break;
    case "unwritable":
      decideOne(queue, { outcome: "quarantined", reason: "unwritable-state", detail: "" }, decisions);
      break;
    case "exists":
    case "absent":
      queue.mode = result.code === "exists" ? "update" : "insert";
      queue.flips += 1;
      if (queue.flips > FLIPS_MAX) {
        failRest(queue, "item-comes-and-goes", decisions);
      }
  }
}
function decideKnown(queue, { history, ...stored }, decisions) {
  queue.mode = "update";
  while (queue.next < queue.records.length) {
    const head = headOf(queue);
    if (history === void 0 && head.trade.version < stored.version) {
      return;
    }
    const outcome = compareVersion(head, { ...stored, history: history ?? [] });
    if (outcome === "newer") {
      return;
    }
    decideOne(queue, outcome === "conflict" ? versionConflict : { outcome }, decisions);
  }
}
function decideOne(queue, decision, decisions) {
  decisions.set(headOf(queue), decision);
  queue.next += 1;
  queue.flips = 0;
}
function failRest(queue, reason, decisions) {
  while (queue.next < queue.records.length) {
    decideOne(queue, { outcome: "failed", reason }, decisions);
  }
}
function headOf(queue) {
  const head = queue.records[queue.next];
  if (head === void 0) {
    throw new Error("All records of the trade are decided.");
  }
  return head;
}

// services/state/src/process-batch.ts
var phaseEnds = { upsert: 0.7, find: 0.75, quarantine: 0.85, account: 0.95 };
async function processBatch(event, remainingMs, ports2, settings2) {
  const { state, quarantine, accounting, clock } = ports2;
  const { requestsMax } = settings2;
  const startedMs = clock.now();
  const start = (phase) => startAttempts(clock, startedMs + remainingMs * phaseEnds[phase] - clock.now());
  const records = readRecords(event, settings2);
  const decided = await upsertRecords(records, state, { attempts: start("upsert"), requestsMax });
  const find = { attempts: start("find"), requestsMax };
  const known = await findEarlierWrites(decided, state, find);
  const found = await findEarlierConflicts(known, quarantine, find);
  const final = await quarantineRecords(found, quarantine, { attempts: start("quarantine"), requestsMax });
  let counted = countOutcomes([]);
  const attempts = start("account");
  for (const { account, run } of countableRuns(final)) {
    counted = addCounts(counted, await accountRecords(account, run, accounting, attempts));
  }
  return {
    response: { batchItemFailures: itemFailures(final) },
    records: records.length,
    counted,
    quarantined: final.flatMap((one2) => {
      const refusal = refusalOf(one2);
      return refusal === void 0 ? [] : [{ recordId: one2.record.identity.id, ...refusal }];
    }),
    failed: failuresByReason(final)
  };
}
function countableRuns(records) {
  const runs = /* @__PURE__ */ new Map();
  for (const { record, decision } of records) {
    const ofShard = runs.get(record.shard.id) ?? { account: record.shard, run: [], isCut: false };
    runs.set(record.shard.id, ofShard);
    if (decision.outcome === "failed") {
      ofShard.isCut = true;
    } else if (!ofShard.isCut) {
      ofShard.run.push({ position: record.position, outcome: decision.outcome });
    }
  }
  return [...runs.values()];
}
function itemFailures(records) {
  const failed = records.filter(({ decision }) => decision.outcome === "failed");
  const sequenceNumbers = new Set(failed.map(({ record }) => record.sequenceNumber));
  return [...sequenceNumbers].map((itemIdentifier) => ({ itemIdentifier }));
}
function failuresByReason(records) {
  const failures = {};
  for (const { decision } of records) {
    if (decision.outcome === "failed") {
      failures[decision.reason] = (failures[decision.reason] ?? 0) + 1;
    }
  }
  return failures;
}

// services/state/src/handler.ts
var { logger, induceFailure, ports, settings, publish } = compose(process.env);
var handler = middy({ timeoutEarlyInMillis: 0 }).use(injectLambdaContext(logger)).before(induceFailure).handler(async (event, context) => {
  const report = await processBatch(event, context.getRemainingTimeInMillis(), ports, settings);
  publish(report, event);
  return report.response;
});
export {
  handler
};
