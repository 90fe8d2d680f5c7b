// services/state/src/handler.ts
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";

// services/state/src/compose.ts
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

// packages/induced-failures/src/errors.ts
var InducedFailure = class extends Error {
  name = "InducedFailure";
  code = "induced-failure";
  retryable = true;
  /** The parameter whose percentage called for this failure. */
  parameter;
  /** @param parameter - name of the parameter whose percentage called for this failure */
  constructor(parameter) {
    super(`Failure induced by the parameter ${parameter}.`);
    this.parameter = parameter;
  }
};
var InducedFailureParameterError = class extends Error {
  name = "InducedFailureParameterError";
  code = "invalid-percentage";
  retryable = false;
  /** The parameter whose value is wrong. */
  parameter;
  /** @param parameter - name of the parameter whose value is no number (N) from 0 to 100 */
  constructor(parameter) {
    super(`The attribute "value" of the parameter ${parameter} must be a number from 0 to 100.`);
    this.parameter = parameter;
  }
};

// packages/induced-failures/src/check-options.ts
var isText = (value) => typeof value === "string" && value.length > 0;
var isFunction = (value) => typeof value === "function";
var checks = {
  parameter: { must: "a text that is not empty", check: isText },
  when: { must: "'before' or 'after'", check: (value) => value === "before" || value === "after" },
  table: { must: "a text that is not empty", check: isText },
  client: {
    must: "a DynamoDB client",
    check: (value) => typeof value === "object" && value !== null && "send" in value && isFunction(value.send)
  },
  seed: { must: "a safe integer", check: Number.isSafeInteger, optional: true },
  now: { must: "a function", check: isFunction, optional: true },
  cache_ms: {
    must: "an integer from 0 to 60000",
    check: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 6e4,
    optional: true
  }
};
function checkOptions(options) {
  const given = new Map(Object.entries(options));
  for (const name of given.keys()) {
    if (!Object.hasOwn(checks, name)) throw new TypeError(`inducedFailures has no option "${name}".`);
  }
  for (const [name, { must, check, optional }] of Object.entries(checks)) {
    const value = given.get(name);
    if (value === void 0 && optional) continue;
    if (!check(value)) throw new TypeError(`The option "${name}" of inducedFailures must be ${must}.`);
  }
}

// packages/induced-failures/src/failure-sampler.ts
import { createHash, randomInt } from "node:crypto";
var whole = 1e6;
function createFailureSampler(options) {
  const start = drawStart(options);
  let accumulated;
  return {
    fails(percentage) {
      const share = Math.round(percentage / 100 * whole);
      if (share === 0) return false;
      accumulated ??= startAt(start, share);
      accumulated += share;
      if (accumulated < whole) return false;
      accumulated -= whole;
      return true;
    }
  };
}
function startAt(start, share) {
  const half = whole / 2;
  const room = half - share;
  return room > 0 ? half + Math.floor(start / 2 ** 32 * room) : Math.max(0, whole - share - 1);
}
function drawStart(options) {
  if (options.seed === void 0) return randomInt(2 ** 32);
  return createHash("sha256").update(`${options.seed}:${options.name}`).digest().readUInt32BE(0);
}

// packages/induced-failures/src/percentage-reader.ts
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
function createPercentageReader(options) {
  const { parameter, table, client, now = () => performance.now(), cache_ms = 1e3 } = options;
  let cached;
  return async () => {
    const startedAt = now();
    if (cached !== void 0 && startedAt < cached.expiresAt) return cached.percentage;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { parameter: { S: parameter } }, ConsistentRead: true })
    );
    const percentage = Item === void 0 ? 0 : parsePercentage(parameter, Item["value"]?.N);
    cached = { percentage, expiresAt: startedAt + cache_ms };
    return percentage;
  };
}
function parsePercentage(parameter, text) {
  const percentage = Number(text);
  if (percentage >= 0 && percentage <= 100) return percentage;
  throw new InducedFailureParameterError(parameter);
}

// packages/induced-failures/src/induced-failures.ts
function inducedFailures(options) {
  checkOptions(options);
  const { parameter, when } = options;
  const readPercentage = createPercentageReader(options);
  const sampler = createFailureSampler({
    name: parameter,
    ...options.seed !== void 0 && { seed: options.seed }
  });
  const failShareOfInvocations = async () => {
    if (sampler.fails(await readPercentage())) throw new InducedFailure(parameter);
  };
  return when === "before" ? { before: failShareOfInvocations } : { after: failShareOfInvocations };
}

// packages/lambda-environment/src/create-function-dynamodb.ts
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NodeHttpHandler } from "@smithy/node-http-handler";
var CONNECTION_TIMEOUT_MS = 1e3;
function createFunctionDynamoDb(options) {
  return new DynamoDBClient({
    maxAttempts: options.attemptsMax,
    retryMode: "standard",
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: options.connectionsMax },
      httpsAgent: { keepAlive: true, maxSockets: options.connectionsMax }
    })
  });
}

// packages/lambda-environment/src/environment.ts
var EnvironmentError = class extends Error {
  name = "EnvironmentError";
  code = "invalid-environment";
  retryable = false;
};
function readEnvironment(variables) {
  const nonEmpty = (name) => variables[name] === "" ? void 0 : variables[name];
  const optionalInteger = (name, range) => {
    const value = nonEmpty(name);
    if (value === void 0) return void 0;
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.min && number <= range.max)) {
      throw new EnvironmentError(`${name} must be a whole number from ${range.min} to ${range.max}`);
    }
    return number;
  };
  const missing = (name) => new EnvironmentError(`${name} is not set`);
  return {
    text: (name) => {
      const value = nonEmpty(name);
      if (value === void 0) throw missing(name);
      return value;
    },
    integer: (name, range) => {
      const number = optionalInteger(name, range);
      if (number === void 0) throw missing(name);
      return number;
    },
    optionalInteger,
    flag: (name) => {
      const value = nonEmpty(name) ?? "false";
      if (value !== "true" && value !== "false") throw new EnvironmentError(`${name} must be true or false`);
      return value === "true";
    },
    choice: (name, words) => {
      const value = nonEmpty(name) ?? words[0];
      const word = words.find((candidate) => candidate === value);
      if (word === void 0) throw new EnvironmentError(`${name} must be one of ${words.join(", ")}`);
      return word;
    }
  };
}

// packages/lambda-environment/src/record-ages.ts
function recordAges(times, now_ms) {
  let oldest;
  let newest;
  for (const time of times) {
    if (time === void 0) continue;
    if (oldest === void 0 || time < oldest) oldest = time;
    if (newest === void 0 || time > newest) newest = time;
  }
  if (oldest === void 0 || newest === void 0) return void 0;
  const age_ms = (time) => Math.max(0, Math.round(now_ms - time * 1e3));
  return { oldest_ms: age_ms(oldest), newest_ms: age_ms(newest) };
}

// services/state/src/clock.ts
import { setTimeout as wait } from "node:timers/promises";
var systemClock = {
  now_ms: () => performance.now(),
  wait: (duration_ms) => wait(duration_ms),
  abortAfter: (duration_ms) => AbortSignal.timeout(Math.ceil(duration_ms)),
  random: () => Math.random()
};

// services/state/src/dynamodb/accounting-store.ts
import {
  ConditionalCheckFailedException,
  UpdateItemCommand
} from "@aws-sdk/client-dynamodb";

// services/state/src/errors.ts
var StreamEventError = class extends Error {
  name = "StreamEventError";
  code = "invalid-event";
  retryable = false;
};
var StoreError = class extends Error {
  name = "StoreError";
  code = "store-refused";
  retryable = false;
};
var AccountingError = class extends Error {
  name = "AccountingError";
  code = "accounting-unavailable";
  retryable = true;
};

// services/state/src/dynamodb/is-transient.ts
import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
var transientNames = /* @__PURE__ */ new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "TransactionConflictException",
  "ReplicatedWriteConflictException"
]);
function isTransient(error) {
  if (error instanceof DynamoDBServiceException) {
    return transientNames.has(error.name) || error.$fault === "server" || (error.$metadata.httpStatusCode ?? 0) >= 500;
  }
  if (!(error instanceof Error)) return false;
  if (error.name === "AbortError" || error.name === "TimeoutError") return true;
  const code = "code" in error ? error.code : void 0;
  return typeof code === "string" && /^(E[A-Z]+|ERR_(STREAM|SOCKET|HTTP2)_\w+)$/.test(code);
}

// services/state/src/dynamodb/accounting-store.ts
var counters = ["Applied", "Duplicate", "Stale", "Conflict", "Quarantined"];
var updateExpression = `SET #SequenceNumber = :last ADD ${counters.map((name) => `#${name} :${name}`).join(", ")}`;
var attributeNames = Object.fromEntries(
  ["Shard", "SequenceNumber", ...counters].map((name) => [`#${name}`, name])
);
function createDynamoDbAccountingStore(client, options) {
  return {
    async advance({ shard, first, last, counts }, signal) {
      const command = new UpdateItemCommand({
        TableName: options.table,
        Key: { Shard: { S: shard } },
        UpdateExpression: updateExpression,
        ConditionExpression: "attribute_not_exists(#Shard) OR #SequenceNumber < :first",
        ExpressionAttributeNames: attributeNames,
        ExpressionAttributeValues: {
          ":first": { S: first },
          ":last": { S: last },
          ":Applied": { N: String(counts.applied) },
          ":Duplicate": { N: String(counts.duplicate) },
          ":Stale": { N: String(counts.stale) },
          ":Conflict": { N: String(counts.conflict) },
          ":Quarantined": { N: String(counts.quarantined) }
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD"
      });
      try {
        await client.send(command, { abortSignal: signal });
        return { code: "advanced" };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return refusedAt(error, first);
        if (!isTransient(error)) throw error;
        return { code: "unavailable", reason: error.name };
      }
    }
  };
}
function refusedAt(error, first) {
  const position = error.Item?.["SequenceNumber"]?.S;
  if (position === void 0 || position.length !== first.length || position < first) {
    throw new StoreError("The accounting table holds a position that cannot be compared.", { cause: error });
  }
  return { code: "refused", position };
}

// services/state/src/dynamodb/quarantine-store.ts
import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
var PUTS_MAX = 25;
function createDynamoDbQuarantineStore(client, options) {
  const { table } = options;
  return {
    itemsMax: PUTS_MAX,
    async put(items, signal) {
      const puts = items.map(({ key, attributes }) => ({ PutRequest: { Item: { ...key, ...attributes } } }));
      try {
        const command = new BatchWriteItemCommand({ RequestItems: { [table]: puts } });
        const { UnprocessedItems } = await client.send(command, { abortSignal: signal });
        const unprocessed = new Set(
          UnprocessedItems?.[table]?.map(({ PutRequest }) => nameOf(PutRequest?.Item))
        );
        return items.map(
          ({ key }) => unprocessed.has(nameOf(key)) ? { code: "unavailable", reason: "UnprocessedItems" } : { code: "written" }
        );
      } catch (error) {
        if (!isTransient(error)) throw error;
        return items.map(() => ({ code: "unavailable", reason: error.name }));
      }
    }
  };
}
function nameOf(item) {
  return `${item?.["Part"]?.N}#${item?.["Source"]?.S}`;
}

// services/state/src/dynamodb/state-store.ts
import {
  BatchExecuteStatementCommand
} from "@aws-sdk/client-dynamodb";

// packages/reducer/src/decimal.ts
var FRACTION_DIGITS = 12;
var INTEGER_DIGITS_OF_VALUE = 18;
var INTEGER_DIGITS_OF_SUM = 26;
var TEXT_LENGTH_MAX = 256;
var UNITS_PER_ONE = 10n ** BigInt(FRACTION_DIGITS);
var SUM_LIMIT_UNITS = 10n ** BigInt(INTEGER_DIGITS_OF_SUM + FRACTION_DIGITS);
var NUMBER_PATTERN = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
var zero = 0n;
function checkDecimal(text) {
  return readDecimal(text, INTEGER_DIGITS_OF_VALUE);
}
function formatDecimal(value) {
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
function readDecimal(text, integerDigitsMax) {
  if (text.length > TEXT_LENGTH_MAX) {
    return "too-long";
  }
  const match = NUMBER_PATTERN.exec(text);
  if (match === null) {
    return "not-a-number";
  }
  const [, sign = "", integer = "", fraction = "", exponent = "0"] = match;
  const digits = integer + fraction;
  const end = lengthWithoutIdleZeros(digits);
  if (end === 0) {
    return zero;
  }
  const pointAt = integer.length + Number(exponent);
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
  while (length > 0 && digits.charCodeAt(length - 1) === 48) {
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
    members.set(name, { kind: kindOf(text.charAt(start)), source: text.slice(start, end) });
    at = skipSpace(text, end);
    if (text[at] === ",") {
      at = skipSpace(text, at + 1);
    }
  }
  return { code: "valid", members };
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
  while (at < text.length && !",]}".includes(text.charAt(at)) && !isSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at;
}
function decode(source) {
  return source.includes("\\") ? JSON.parse(source) : source.slice(1, -1);
}

// packages/reducer/src/utf8.ts
function utf8Length(text) {
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
var messageCountName = "message_count";
var DIMENSIONS_MAX = 16;
var SEGMENT_BYTES_MAX = 255;
var NODE_BYTES_MAX = 2048;
var SEPARATOR = ":";
var CONTROL_CHARACTER = new RegExp("\\p{Cc}", "u");
var HierarchyError = class extends Error {
  name = "HierarchyError";
  retryable = false;
  code;
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};
function createHierarchy(options) {
  const { dimensions, reserved = [messageCountName] } = options;
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

// packages/reducer/src/trade/check-trade.ts
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
function checkTrade(hierarchy, readTexts3) {
  try {
    const texts = readTexts3();
    const trade = {
      tradeId: checkTradeId(texts.tradeId),
      version: checkVersion(texts.version),
      value: checkNumber("Value", texts.value),
      hierarchy: checkHierarchy(hierarchy, texts.hierarchy),
      timestamp: formatDecimal(checkNumber("Timestamp", texts.timestamp))
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
  if (isLongerThan(text, TRADE_ID_BYTES_MAX)) {
    throw new TradeRefusal("too-long", "TradeID");
  }
  if (!text.isWellFormed()) {
    throw new TradeRefusal("malformed-unicode", "TradeID");
  }
  return text;
}
function checkVersion(text) {
  const value = checkNumber("Version", text);
  const version = toSafeInteger(value);
  if (version !== void 0 && version >= 0) {
    return version;
  }
  throw new TradeRefusal(
    version === void 0 && hasFraction(value) ? "not-an-integer" : "out-of-range",
    "Version"
  );
}
function hasFraction(value) {
  return formatDecimal(value).includes(".");
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
function checkHierarchy(hierarchy, text) {
  const segments = readSegments(text);
  const check = checkSegments(hierarchy, segments);
  if (check.code === "invalid") {
    throw new TradeRefusal(check.reason, `Hierarchy.${check.dimension}`);
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
  if (isLongerThan(text, DIMENSION_BYTES_MAX)) {
    throw new TradeRefusal("too-long", "Hierarchy");
  }
  if (!text.isWellFormed()) {
    throw new TradeRefusal("malformed-unicode", "Hierarchy");
  }
}

// packages/reducer/src/trade/parse-trade.ts
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
    tradeId: textOf("TradeID", "string"),
    version: textOf("Version", "number"),
    value: textOf("Value", "number", "string"),
    hierarchy: textOf("Hierarchy", "object"),
    timestamp: textOf("Timestamp", "number", "string")
  };
}

// packages/reducer/src/trade/trade.ts
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

// packages/reducer/src/trade/trade-item.ts
function tradeToItem(trade) {
  return {
    id: trade.tradeId,
    Version: String(trade.version),
    Value: formatDecimal(trade.value),
    Hierarchy: formatSegments(trade.hierarchy),
    Timestamp: trade.timestamp
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
    tradeId: textOf("id"),
    version: textOf("Version"),
    value: textOf("Value"),
    hierarchy: textOf("Hierarchy"),
    timestamp: textOf("Timestamp")
  };
}
function formatSegments(segments) {
  const members = [];
  for (const dimension of [...segments.keys()].sort()) {
    members.push(`${JSON.stringify(dimension)}:${JSON.stringify(segments.get(dimension))}`);
  }
  return `{${members.join(",")}}`;
}

// services/state/src/dynamodb/read-standing.ts
import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";

// services/state/src/dynamodb/refused-by.ts
function refusedBy(item, hierarchy) {
  const image = {
    id: item["id"]?.S,
    Version: item["Version"]?.N,
    Value: item["Value"]?.N,
    Hierarchy: item["Hierarchy"]?.S,
    Timestamp: item["Timestamp"]?.N
  };
  const version = Number(image.Version);
  if (!Number.isSafeInteger(version)) return { code: "unreadable" };
  const read = tradeFromImage(image, hierarchy);
  const trade = read.code === "valid" ? read.trade : void 0;
  return { code: "kept", stored: { version, recordId: item["RecordId"]?.S, trade } };
}

// services/state/src/dynamodb/read-standing.ts
async function readStanding(client, options) {
  const { table, hierarchy, writes, results, signal } = options;
  const ids = writes.filter((_write, place) => results[place]?.code === "absent").map(({ trade }) => trade.tradeId);
  if (ids.length === 0) return results;
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: ids.map((id) => ({ id: { S: id } })), ConsistentRead: true } }
    }),
    { abortSignal: signal }
  );
  const items = new Map(Responses?.[table]?.map((item) => [item["id"]?.S, item]));
  const unread = new Set(UnprocessedKeys?.[table]?.Keys?.map((key) => key["id"]?.S));
  return results.map((result, place) => {
    const trade = writes[place]?.trade;
    if (result.code !== "absent" || trade === void 0) return result;
    if (unread.has(trade.tradeId)) return { code: "unavailable", reason: "UnprocessedKeys" };
    return standing(items.get(trade.tradeId), trade.version, hierarchy);
  });
}
function standing(item, version, hierarchy) {
  if (item === void 0) return { code: "absent" };
  const refused = refusedBy(item, hierarchy);
  if (refused.code === "kept" && refused.stored.version < version) return { code: "exists" };
  return refused;
}

// services/state/src/dynamodb/state-store.ts
var STATEMENTS_MAX = 25;
var transientCodes = /* @__PURE__ */ new Set([
  "InternalServerError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
  "ThrottlingError",
  "TransactionConflict"
]);
function createDynamoDbStateStore(client, options) {
  const statements = statementsFor(options.table);
  return {
    writesMax: STATEMENTS_MAX,
    async write(writes, signal) {
      const command = new BatchExecuteStatementCommand({
        Statements: writes.map((write) => statementOf(write, statements))
      });
      try {
        const { Responses = [] } = await client.send(command, { abortSignal: signal });
        if (Responses.length !== writes.length) {
          throw new StoreError("DynamoDB answered fewer statements than it got.");
        }
        const results = Responses.map((response) => resultOf(response, options.hierarchy));
        return await readStanding(client, { ...options, writes, results, signal });
      } catch (error) {
        if (!isTransient(error)) throw error;
        return writes.map(() => ({ code: "unavailable", reason: error.name }));
      }
    }
  };
}
function statementsFor(table) {
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table))
    throw new TypeError("The name of the state table is not valid.");
  return {
    insert: `INSERT INTO "${table}" VALUE {'Version':?,'Value':?,'Hierarchy':?,'Timestamp':?,'RecordId':?,'id':?}`,
    update: `UPDATE "${table}" SET "Version"=?, "Value"=?, "Hierarchy"=?, "Timestamp"=?, "RecordId"=? WHERE "id"=? AND "Version"<?`
  };
}
function statementOf(write, statements) {
  const item = tradeToItem(write.trade);
  const Parameters = [
    { N: item.Version },
    { N: item.Value },
    { S: item.Hierarchy },
    { N: item.Timestamp },
    { S: write.recordId },
    { S: item.id }
  ];
  if (write.mode === "insert") return { Statement: statements.insert, Parameters };
  Parameters.push({ N: item.Version });
  return { Statement: statements.update, Parameters, ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
}
function resultOf(response, hierarchy) {
  const error = response.Error;
  if (error === void 0) return { code: "written" };
  if (error.Code === "DuplicateItem") return { code: "exists" };
  if (error.Code === "ConditionalCheckFailed") {
    return error.Item === void 0 ? { code: "absent" } : refusedBy(error.Item, hierarchy);
  }
  if (error.Code !== void 0 && transientCodes.has(error.Code)) {
    return { code: "unavailable", reason: error.Code };
  }
  throw new StoreError(`DynamoDB refused a statement: ${error.Code ?? "without a code"}.`);
}

// services/state/src/account-records.ts
var REFUSALS_MAX = 8;
var outcomeNames = [
  "applied",
  "duplicate",
  "stale",
  "conflict",
  "quarantined"
];
async function accountRecords(shard, records, store, attempts) {
  let open = records;
  for (let refusals = 0; refusals <= REFUSALS_MAX; ) {
    const first = open[0];
    const last = open.at(-1);
    if (first === void 0 || last === void 0) return countOutcomes([]);
    const counts = countOutcomes(open);
    const result = await store.advance(
      { shard, first: first.position, last: last.position, counts },
      attempts.signal
    );
    if (result.code === "advanced") return counts;
    if (result.code === "refused") {
      refusals += 1;
      open = open.filter((record) => record.position > result.position);
    } else if (!await attempts.again()) {
      throw new AccountingError(`The outcomes of ${shard} could not be counted in time: ${result.reason}.`);
    }
  }
  throw new AccountingError(`The position of ${shard} is moved by others again and again.`);
}
function countOutcomes(records) {
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  for (const { outcome } of records) counts[outcome] += 1;
  return counts;
}

// services/state/src/attempts.ts
var FIRST_WAIT_MS = 25;
var WAIT_MS_MAX = 2e3;
var ATTEMPTS_MAX = 16;
function startAttempts(clock, duration_ms) {
  const end_ms = clock.now_ms() + duration_ms;
  let attempts = 1;
  let signal;
  return {
    // A phase that sends nothing needs no timer.
    get signal() {
      signal ??= clock.abortAfter(Math.max(0, end_ms - clock.now_ms()));
      return signal;
    },
    async again() {
      const longest_ms = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** attempts);
      const wait_ms = longest_ms * (1 + clock.random()) / 2;
      if (attempts >= ATTEMPTS_MAX || clock.now_ms() + wait_ms >= end_ms) return false;
      attempts += 1;
      await clock.wait(wait_ms);
      return true;
    }
  };
}

// packages/quarantine/src/quarantine-items.ts
var PART_BYTES_MAX = 35e4;
function quarantineItems(record) {
  const parts = Math.max(1, Math.ceil(record.payload.byteLength / PART_BYTES_MAX));
  return Array.from({ length: parts }, (_, part) => ({
    key: { Source: { S: record.source }, Part: { N: String(part) } },
    attributes: {
      Parts: { N: String(parts) },
      Consumer: { S: record.consumer },
      Reason: { S: record.reason },
      Detail: { S: record.detail },
      Payload: { B: record.payload.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX) }
    }
  }));
}

// services/state/src/map-with-limit.ts
async function mapWithLimit(items, limit, map) {
  const results = [];
  const failures2 = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && failures2.length === 0) {
      const index = next++;
      try {
        results[index] = await map(items[index]);
      } catch (error) {
        failures2.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures2.length > 0) throw failures2[0];
  return results;
}
function chunksOf(items, size) {
  const chunks = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

// services/state/src/quarantine-records.ts
async function quarantineRecords(records, store, options) {
  const { consumer, attempts, requestsMax } = options;
  let open = records.flatMap(
    ({ recordId, bytes, reason, field }) => quarantineItems({ source: recordId, consumer, reason, detail: field ?? "", payload: bytes })
  );
  while (open.length > 0) {
    const unavailable = await mapWithLimit(chunksOf(open, store.itemsMax), requestsMax, async (items) => {
      const results = await store.put(items, attempts.signal);
      return items.filter((_item, place) => results[place]?.code !== "written");
    });
    open = unavailable.flat();
    if (open.length > 0 && !await attempts.again()) break;
  }
  return new Set(open.map((item) => item.key.Source.S));
}

// services/state/src/read-records.ts
import { isUtf8 } from "node:buffer";
var POSITION_DIGITS = 129;
function readRecords(event, hierarchy) {
  if (!Array.isArray(event?.Records)) throw new StreamEventError('The event has no list "Records".');
  const lastPositions = /* @__PURE__ */ new Map();
  return event.Records.map((source) => {
    const record = readRecord(source, hierarchy);
    const last = lastPositions.get(record.shardId);
    if (last !== void 0 && last >= record.position) {
      throw new StreamEventError(`Records of ${record.shardId} are not in the order of the stream.`);
    }
    lastPositions.set(record.shardId, record.position);
    return record;
  });
}
function readRecord(source, hierarchy) {
  const recordId = source?.eventID;
  const sequenceNumber = source?.kinesis?.sequenceNumber;
  if (typeof recordId !== "string" || typeof sequenceNumber !== "string" || !/^\d{1,129}$/.test(sequenceNumber)) {
    throw new StreamEventError("A record has no eventID or sequence number of Kinesis.");
  }
  const shardIdLength = recordId.length - sequenceNumber.length - 1;
  if (shardIdLength < 1 || !recordId.endsWith(`:${sequenceNumber}`)) {
    throw new StreamEventError("The eventID of a record is not made of shard id and sequence number.");
  }
  if (typeof source.kinesis.data !== "string")
    throw new StreamEventError(`The record ${recordId} has no data.`);
  const bytes = Buffer.from(source.kinesis.data, "base64");
  return {
    recordId,
    shardId: recordId.slice(0, shardIdLength),
    sequenceNumber,
    position: sequenceNumber.padStart(POSITION_DIGITS, "0"),
    bytes,
    content: isUtf8(bytes) ? parseTrade(bytes.toString("utf8"), hierarchy) : { code: "invalid", reason: "not-utf-8" }
  };
}

// services/state/src/suspect-of.ts
function suspectOf(record, upserted) {
  const { recordId, bytes, content } = record;
  if (content.code === "invalid") {
    const { reason, field } = content;
    return [{ recordId, bytes, reason, ...field !== void 0 && { field } }];
  }
  if (upserted?.code === "conflict")
    return [{ recordId, bytes, reason: "version-conflict", field: "Version" }];
  if (upserted?.code === "unreadable") return [{ recordId, bytes, reason: "unreadable-state" }];
  return [];
}

// services/state/src/settle-version.ts
function settleVersion(trade, recordId, stored) {
  if (trade.version > stored.version) return "newer";
  if (trade.version < stored.version) return "stale";
  if (recordId === stored.recordId) return "applied";
  return stored.trade !== void 0 && isSamePayload(trade, stored.trade) ? "duplicate" : "conflict";
}

// services/state/src/upsert-trades.ts
var FLIPS_MAX = 8;
async function upsertTrades(versions, store, options) {
  const outcomes = new Array(versions.length);
  let open = queuesByTrade(versions);
  while (open.length > 0) {
    const answers = await writeHeads(open, versions, store, options);
    const unavailable = [];
    for (const { queue, result } of answers) {
      if (result.code === "unavailable") unavailable.push(queue);
      else settleHead(queue, result, versions, outcomes);
    }
    if (unavailable.length > 0 && !await options.attempts.again()) {
      for (const queue of unavailable) failRest(queue, "unavailable", outcomes);
    }
    open = open.filter((queue) => queue.next < queue.indexes.length);
  }
  return outcomes;
}
function queuesByTrade(versions) {
  const queues = /* @__PURE__ */ new Map();
  for (const [index, { trade }] of versions.entries()) {
    const queue = queues.get(trade.tradeId);
    if (queue !== void 0) queue.indexes.push(index);
    else queues.set(trade.tradeId, { indexes: [index], next: 0, mode: "insert", flips: 0 });
  }
  return [...queues.values()];
}
async function writeHeads(queues, versions, store, options) {
  const chunks = await mapWithLimit(chunksOf(queues, store.writesMax), options.requestsMax, async (chunk) => {
    const writes = chunk.map((queue) => ({ mode: queue.mode, ...headOf(queue, versions) }));
    const results = await store.write(writes, options.attempts.signal);
    return chunk.map((queue, place) => ({ queue, result: definitely(results[place]) }));
  });
  return chunks.flat();
}
function settleHead(queue, result, versions, outcomes) {
  switch (result.code) {
    case "written": {
      const { trade, recordId } = headOf(queue, versions);
      settleOne(queue, { code: "applied" }, outcomes);
      settleKnown(queue, { version: trade.version, recordId, trade }, versions, outcomes);
      break;
    }
    case "kept":
      if (result.stored.version < headOf(queue, versions).trade.version) {
        throw new Error("The state store refused a version although a lower one stands.");
      }
      settleKnown(queue, result.stored, versions, outcomes);
      break;
    case "unreadable":
      settleOne(queue, { code: "unreadable" }, outcomes);
      break;
    case "exists":
    case "absent":
      queue.mode = result.code === "exists" ? "update" : "insert";
      queue.flips += 1;
      if (queue.flips > FLIPS_MAX) failRest(queue, "item-comes-and-goes", outcomes);
  }
}
function settleKnown(queue, stored, versions, outcomes) {
  queue.mode = "update";
  while (queue.next < queue.indexes.length) {
    const { trade, recordId } = headOf(queue, versions);
    const code = settleVersion(trade, recordId, stored);
    if (code === "newer") return;
    settleOne(queue, { code }, outcomes);
  }
}
function settleOne(queue, outcome, outcomes) {
  outcomes[definitely(queue.indexes[queue.next])] = outcome;
  queue.next += 1;
  queue.flips = 0;
}
function failRest(queue, reason, outcomes) {
  while (queue.next < queue.indexes.length) settleOne(queue, { code: "failed", reason }, outcomes);
}
function headOf(queue, versions) {
  return definitely(versions[definitely(queue.indexes[queue.next])]);
}
function definitely(value) {
  if (value === void 0) throw new Error("A list is shorter than promised.");
  return value;
}

// services/state/src/upsert-records.ts
async function upsertRecords(records, store, options) {
  const places = [];
  const versions = [];
  for (const [place, { content, recordId }] of records.entries()) {
    if (content.code === "invalid") continue;
    places.push(place);
    versions.push({ trade: content.trade, recordId });
  }
  const outcomes = new Array(records.length);
  for (const [index, outcome] of (await upsertTrades(versions, store, options)).entries()) {
    outcomes[places[index]] = outcome;
  }
  return outcomes;
}

// services/state/src/process-batch.ts
var UPSERT_ENDS_AT = 0.7;
var QUARANTINE_ENDS_AT = 0.85;
var ACCOUNTING_ENDS_AT = 0.95;
async function processBatch(event, remaining_ms, ports, settings) {
  const { hierarchy, consumer, requestsMax } = settings;
  const started_ms = ports.clock.now_ms();
  const attemptsUntil = (share) => startAttempts(ports.clock, started_ms + remaining_ms * share - ports.clock.now_ms());
  const records = readRecords(event, hierarchy);
  const upserted = await upsertRecords(records, ports.state, {
    attempts: attemptsUntil(UPSERT_ENDS_AT),
    requestsMax
  });
  const suspects = records.flatMap((record, index) => suspectOf(record, upserted[index]));
  const unsafe = await quarantineRecords(suspects, ports.quarantine, {
    consumer,
    attempts: attemptsUntil(QUARANTINE_ENDS_AT),
    requestsMax
  });
  const ended = records.map((record, index) => ({
    record,
    outcome: unsafe.has(record.recordId) ? "failed" : lastingOutcome(upserted[index])
  }));
  const totals = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  const attempts = attemptsUntil(ACCOUNTING_ENDS_AT);
  for (const [shardId, run] of countableRuns(ended)) {
    const counts = await accountRecords(`${consumer}#${shardId}`, run, ports.accounting, attempts);
    for (const outcome of outcomeNames) totals[outcome] += counts[outcome];
  }
  return {
    response: {
      batchItemFailures: ended.filter(({ outcome }) => outcome === "failed").map(({ record }) => ({ itemIdentifier: record.sequenceNumber }))
    },
    counted: totals,
    quarantined: suspects.map(({ bytes: _bytes, ...rest }) => rest)
  };
}
function lastingOutcome(upserted) {
  return upserted === void 0 || upserted.code === "unreadable" ? "quarantined" : upserted.code;
}
function countableRuns(ended) {
  const runs = /* @__PURE__ */ new Map();
  const cut = /* @__PURE__ */ new Set();
  for (const { record, outcome } of ended) {
    if (outcome === "failed") cut.add(record.shardId);
    if (outcome === "failed" || cut.has(record.shardId)) continue;
    const run = runs.get(record.shardId);
    if (run === void 0) runs.set(record.shardId, [{ position: record.position, outcome }]);
    else run.push({ position: record.position, outcome });
  }
  return runs;
}

// services/state/src/read-settings.ts
function readSettings(variables) {
  const environment = readEnvironment(variables);
  const seedRange = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
  return {
    consumer: environment.text("CONSUMER"),
    // As Powertools names it; without one the metrics of stages would stand apart.
    metricsNamespace: variables["POWERTOOLS_METRICS_NAMESPACE"] || "Oncefold",
    hierarchy: hierarchyOf(environment.text("HIERARCHY_DIMENSIONS")),
    tables: {
      state: environment.text("STATE_TABLE"),
      quarantine: environment.text("QUARANTINE_TABLE"),
      accounting: environment.text("ACCOUNTING_TABLE")
    },
    inducedFailures: environment.flag("INDUCED_FAILURES") ? {
      table: environment.text("PARAMETER_TABLE"),
      seed: environment.optionalInteger("INDUCED_FAILURE_SEED", seedRange)
    } : void 0
  };
}
function hierarchyOf(text) {
  try {
    return createHierarchy({ dimensions: text.split(",") });
  } catch (error) {
    const message = "HIERARCHY_DIMENSIONS must be 1 to 16 different names with commas between them";
    throw Object.assign(new EnvironmentError(message), { cause: error });
  }
}

// services/state/src/settled-arrivals.ts
function settledArrivals({ Records }, { batchItemFailures }) {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const end = Records.findIndex(({ kinesis }) => failed.has(kinesis.sequenceNumber));
  const settled = end === -1 ? Records : Records.slice(0, end);
  return settled.map(({ kinesis }) => kinesis.approximateArrivalTimestamp);
}

// services/state/src/compose.ts
var REQUESTS_MAX = 4;
var LOGGED_MAX = 20;
function compose(variables) {
  const settings = readSettings(variables);
  const client = createFunctionDynamoDb({
    // What is still unavailable after these is retried by the use case, within the invocation's time.
    attemptsMax: 3,
    requestTimeoutMs: 5e3,
    connectionsMax: REQUESTS_MAX
  });
  const logger2 = new Logger({ serviceName: settings.consumer });
  const metrics = new Metrics({ namespace: settings.metricsNamespace, serviceName: settings.consumer });
  const ports = {
    state: createDynamoDbStateStore(client, { table: settings.tables.state, hierarchy: settings.hierarchy }),
    quarantine: createDynamoDbQuarantineStore(client, { table: settings.tables.quarantine }),
    accounting: createDynamoDbAccountingStore(client, { table: settings.tables.accounting }),
    clock: systemClock
  };
  return {
    logger: logger2,
    failures: failuresOf(settings, client),
    handle: async (event, context) => {
      const report = await processBatch(event, context.getRemainingTimeInMillis(), ports, {
        hierarchy: settings.hierarchy,
        consumer: settings.consumer,
        requestsMax: REQUESTS_MAX
      });
      publish(report, event, logger2, metrics);
      return report.response;
    }
  };
}
function failuresOf(settings, client) {
  if (settings.inducedFailures === void 0) return [];
  const { table, seed } = settings.inducedFailures;
  return [
    inducedFailures({
      parameter: "FAILURE_STATE_LAMBDA_PCT",
      when: "before",
      table,
      client,
      ...seed !== void 0 && { seed }
    })
  ];
}
function publish(report, event, logger2, metrics) {
  const { counted, quarantined, response } = report;
  const records = event.Records.length;
  const failed = response.batchItemFailures.length;
  metrics.addMetric("Records", MetricUnit.Count, records);
  metrics.addMetric("Applied", MetricUnit.Count, counted.applied);
  metrics.addMetric("Duplicate", MetricUnit.Count, counted.duplicate);
  metrics.addMetric("Stale", MetricUnit.Count, counted.stale);
  metrics.addMetric("Conflict", MetricUnit.Count, counted.conflict);
  metrics.addMetric("Quarantined", MetricUnit.Count, counted.quarantined);
  metrics.addMetric("BatchItemFailures", MetricUnit.Count, failed);
  const ages = recordAges(settledArrivals(event, response), Date.now());
  if (ages !== void 0) {
    metrics.addMetric("StageLatency", MetricUnit.Milliseconds, ages.oldest_ms);
    metrics.addMetric("PositionLag", MetricUnit.Milliseconds, ages.newest_ms);
  }
  metrics.publishStoredMetrics();
  logger2.info("Batch processed.", { records, ...counted, failed });
  if (quarantined.length > 0) {
    logger2.warn("Records were quarantined.", {
      total: quarantined.length,
      first: quarantined.slice(0, LOGGED_MAX)
    });
  }
}

// services/state/src/handler.ts
var { logger, failures, handle } = compose(process.env);
var handler = middy({ timeoutEarlyInMillis: 0 }).use(injectLambdaContext(logger)).use(failures).handler(handle);
export {
  handler
};
