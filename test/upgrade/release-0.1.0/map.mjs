// services/map/src/handler.ts
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";

// packages/commit-function/src/compose-commit.ts
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";

// packages/reducer/src/decimal.ts
var FRACTION_DIGITS = 12;
var INTEGER_DIGITS_OF_VALUE = 18;
var INTEGER_DIGITS_OF_SUM = 26;
var TEXT_LENGTH_MAX = 256;
var UNITS_PER_ONE = 10n ** BigInt(FRACTION_DIGITS);
var SUM_LIMIT_UNITS = 10n ** BigInt(INTEGER_DIGITS_OF_SUM + FRACTION_DIGITS);
var NUMBER_PATTERN = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
var DecimalError = class extends Error {
  name = "DecimalError";
  retryable = false;
  code;
  constructor(code) {
    super(`The decimal is refused: ${code}.`);
    this.code = code;
  }
};
var zero = 0n;
var one = UNITS_PER_ONE;
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
function addDecimals(a, b) {
  const sum = a + b;
  if (sum >= SUM_LIMIT_UNITS || sum <= -SUM_LIMIT_UNITS) {
    throw new DecimalError("too-many-integer-digits");
  }
  return sum;
}
function negate(value) {
  return -value;
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

// packages/reducer/src/contribution.ts
function mergeContributions(contributions) {
  const sums = /* @__PURE__ */ new Map();
  for (const contribution of contributions) {
    for (const [key, value] of contribution) {
      sums.set(key, addDecimals(sums.get(key) ?? zero, value));
    }
  }
  return sums;
}
function formatContribution(contribution) {
  const members = [];
  for (const [key, value] of contribution) {
    members.push(`${JSON.stringify(key)}:"${formatDecimal(value)}"`);
  }
  return `{${members.join(",")}}`;
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

// packages/reducer/src/roll-up.ts
function rollUp(path, measure) {
  const contribution = /* @__PURE__ */ new Map();
  let node = "";
  for (const [level, segment] of path.entries()) {
    node = level === 0 ? segment : `${node}:${segment}`;
    contribution.set(node, measure);
  }
  return contribution;
}
function contributionOfChange(before, after) {
  const removed = before === void 0 ? [] : [rollUp(before.path, negate(before.measure))];
  const added = after === void 0 ? [] : [rollUp(after.path, after.measure)];
  return mergeContributions([...removed, ...added]);
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
function checkTrade(hierarchy, readTexts2) {
  try {
    const texts = readTexts2();
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

// packages/reducer/src/trade/trade.ts
function contributionOfTradeChange(before, after, hierarchy) {
  if (!hierarchy.reserved.includes(messageCountName)) {
    throw new HierarchyError("not-reserved", `The hierarchy must reserve ${messageCountName}.`);
  }
  const nodes = contributionOfChange(leafOf(before, hierarchy), leafOf(after, hierarchy));
  return after === void 0 ? nodes : mergeContributions([nodes, /* @__PURE__ */ new Map([[messageCountName, one]])]);
}
function leafOf(trade, hierarchy) {
  if (trade === void 0) {
    return void 0;
  }
  const check = checkSegments(hierarchy, trade.hierarchy);
  if (check.code === "invalid") {
    throw new Error(
      `A trade was parsed for another hierarchy: ${check.dimension} is refused, ${check.reason}.`
    );
  }
  return { path: check.path, measure: trade.value };
}

// packages/reducer/src/trade/trade-item.ts
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
    tradeId: textOf("id"),
    version: textOf("Version"),
    value: textOf("Value"),
    hierarchy: textOf("Hierarchy"),
    timestamp: textOf("Timestamp")
  };
}

// packages/commit/src/errors.ts
var CommitError = class extends Error {
  get name() {
    return this.constructor.name;
  }
};
var TransactionRefusedError = class extends CommitError {
  code = "transaction-refused";
  retryable = false;
};
var CommitUndecidedError = class extends CommitError {
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
  code = "record-too-large";
  retryable = false;
  actual;
  limit;
  constructor(message, options) {
    super(message);
    this.actual = options.actual;
    this.limit = options.limit;
  }
};
var StrategyError = class extends CommitError {
  code = "strategy-unusable";
  retryable = false;
};
var GuardViolationError = class extends CommitError {
  code = "guard-violation";
  retryable = false;
};

// packages/commit/src/transaction-port.ts
var ACTIONS_MAX = 100;
function itemName(target) {
  const key = Object.entries(target.key).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([target.table, key]);
}

// packages/commit/src/cut-prefix.ts
var WRITE_BYTES_MAX = 25e5;
function cutPrefix(records, limits) {
  const keys = /* @__PURE__ */ new Set();
  let writeCount = 0;
  let writeBytes = 0;
  for (const [index, record] of records.entries()) {
    for (const key of record.contribution.keys()) keys.add(key);
    for (const write of record.writes ?? []) {
      writeCount += 1;
      writeBytes += bytesOf(write);
    }
    const actions = limits.strategy.guardSize(index + 1) + limits.effect.actionCount(keys.size) + writeCount;
    const fits = keys.size <= limits.effect.keysMax && actions <= ACTIONS_MAX && writeBytes <= WRITE_BYTES_MAX;
    if (fits) continue;
    if (index > 0) return records.slice(0, index);
    if (writeBytes > WRITE_BYTES_MAX) {
      throw new RecordTooLargeError("the writes of one record are too large for a transaction", {
        actual: writeBytes,
        limit: WRITE_BYTES_MAX
      });
    }
    throw new RecordTooLargeError(
      "one record has more aggregate keys than a transaction can hold beside its guard",
      {
        actual: keys.size,
        limit: Math.min(limits.effect.keysMax, ACTIONS_MAX - limits.strategy.guardSize(1))
      }
    );
  }
  return records;
}
function bytesOf(action) {
  if (action.type !== "put" && action.type !== "put-if-absent") return 0;
  let bytes = 0;
  for (const [name, value] of Object.entries(action.attributes)) {
    bytes += name.length + ("B" in value ? value.B.byteLength : Buffer.byteLength("S" in value ? value.S : value.N));
  }
  return bytes;
}

// packages/commit/src/retry.ts
import { setTimeout as wait } from "node:timers/promises";
var systemSurroundings = {
  now: () => performance.now(),
  random: Math.random,
  sleep: async (milliseconds) => {
    await wait(milliseconds);
  }
};
var defaultRetryLimits = {
  attemptsMax: 14,
  backoffBaseMs: 25,
  backoffMaxMs: 2e3,
  requestTimeoutMs: 5e3
};
var ATTEMPT_MS_MIN = 50;
var UNDECIDED = /* @__PURE__ */ new Set([
  "conflict",
  "throttled",
  "in-progress",
  "unavailable"
]);
async function sendUntilDecided(attempt, options) {
  const { deadline, limits, surroundings } = options;
  let last;
  for (let attempts = 0; ; attempts += 1) {
    const leftMs = deadline - surroundings.now();
    if (attempts >= limits.attemptsMax || leftMs < ATTEMPT_MS_MIN) {
      throw new CommitUndecidedError(
        attempts >= limits.attemptsMax ? "no outcome within the attempts allowed" : "no outcome within the time that the invocation has left",
        { attempts, lastOutcome: last?.code ?? "none", cause: last?.cause }
      );
    }
    const outcome = await attempt(Math.floor(Math.min(limits.requestTimeoutMs, leftMs)));
    if (!isUndecided(outcome)) return outcome;
    last = outcome;
    options.onUndecided?.(outcome.code);
    const ceilingMs = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** attempts);
    const pauseMs = ceilingMs / 2 + surroundings.random() * ceilingMs / 2;
    await surroundings.sleep(Math.max(0, Math.min(pauseMs, deadline - surroundings.now() - ATTEMPT_MS_MIN)));
  }
}
function isUndecided(outcome) {
  return UNDECIDED.has(outcome.code);
}

// packages/commit/src/commit-batch.ts
var RESERVE_MS = 1e3;
var GUARD_MOVES_MAX = 16;
async function commitBatch(batch, options) {
  const tally = createTally();
  try {
    await commitGroups(batch, options, tally);
  } catch (error) {
    options.strategy.forget(batch);
    throw error;
  }
  return tally;
}
async function commitGroups(batch, options, tally) {
  if (batch.records.length === 0) return;
  const surroundings = options.surroundings ?? systemSurroundings;
  const retry = {
    deadline: surroundings.now() + options.remainingMs() - (options.reserveMs ?? RESERVE_MS),
    limits: options.limits ?? defaultRetryLimits,
    surroundings,
    onUndecided: (code) => {
      if (code === "conflict") tally.conflicts += 1;
      else if (code === "throttled") tally.throttles += 1;
      else tally.unknowns += 1;
    }
  };
  const read = async (target) => {
    const outcome = await sendUntilDecided((timeoutMs) => {
      tally.requests += 1;
      return options.transactions.read({ ...target, timeoutMs });
    }, retry);
    return outcome.code === "found" ? outcome.item : void 0;
  };
  const session = await options.strategy.open(batch, { read, remainingMs: options.remainingMs });
  let pending = settle(session.admit(batch.records), tally.alreadyApplied);
  const roundsMax = batch.records.length + GUARD_MOVES_MAX;
  for (let round = 0; pending.length > 0; round += 1) {
    if (round >= roundsMax) {
      throw new CommitUndecidedError("another process kept moving the guard", {
        attempts: round,
        lastOutcome: "condition-failed"
      });
    }
    const group = cutPrefix(pending, options);
    const unknownsBefore = tally.unknowns;
    const { actions, guard } = buildCommit(group, options.effect, session);
    const commit = () => sendUntilDecided((timeoutMs) => {
      tally.requests += 1;
      const token = guard.token === void 0 ? {} : { token: guard.token };
      return options.transactions.transact({ actions, timeoutMs, ...token });
    }, retry);
    const outcome = await (session.around?.(group, commit) ?? commit());
    const rest = pending.slice(group.length);
    const found = tally.unknowns > unknownsBefore ? tally.applied : tally.alreadyApplied;
    switch (outcome.code) {
      case "committed":
        session.onCommitted(group);
        tally.commits += 1;
        tally.replays += outcome.replayed ? 1 : 0;
        tally.units.read += outcome.units.read;
        tally.units.write += outcome.units.write;
        (outcome.replayed ? found : tally.applied).push(...group.map((record) => record.id));
        pending = rest;
        break;
      case "already-applied":
        found.push(...group.map((record) => record.id));
        pending = rest;
        break;
      case "condition-failed":
        pending = [...settle(session.onConditionFailed(group, guard, outcome.failures), found), ...rest];
        break;
      case "token-mismatch":
        tally.tokenMismatches += 1;
        pending = [...settle(session.onTokenMismatch(group), found), ...rest];
        break;
    }
  }
}
function buildCommit(group, effect2, session) {
  const guard = session.guard(group);
  const identity = { name: guard.name, time: latestTime(group) };
  const delta = mergeContributions(group.map((record) => record.contribution));
  const writes = new Map(
    group.flatMap((record) => record.writes ?? []).map((write) => [itemName(write), write])
  ).values();
  const actions = [...guard.actions, ...effect2.actions(delta, identity), ...writes].map((action) => ({ action, name: itemName(action) })).sort((a, b) => a.name < b.name ? -1 : 1);
  for (const [index, { name }] of actions.entries()) {
    if (name === actions[index + 1]?.name)
      throw new GuardViolationError("two actions of one transaction are on one item");
  }
  return { actions: actions.map(({ action }) => action), guard };
}
function settle(division, applied) {
  applied.push(...division.applied.map((record) => record.id));
  return division.fresh;
}
function latestTime(group) {
  let latest;
  for (const { time } of group) {
    if (time !== void 0 && (latest === void 0 || time > latest)) latest = time;
  }
  return latest;
}
function createTally() {
  return {
    applied: [],
    alreadyApplied: [],
    commits: 0,
    requests: 0,
    conflicts: 0,
    throttles: 0,
    unknowns: 0,
    replays: 0,
    tokenMismatches: 0,
    units: { read: 0, write: 0 }
  };
}

// packages/commit/src/create-strategy.ts
import { randomUUID } from "node:crypto";

// packages/commit/src/sequence-number.ts
var DIGITS_MAX = 129;
function compareSequenceNumbers(a, b) {
  const left = padded(a);
  const right = padded(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
function padded(sequenceNumber) {
  if (!/^\d{1,129}$/.test(sequenceNumber))
    throw new StrategyError("a sequence number must be 1 to 129 decimal digits");
  return sequenceNumber.padStart(DIGITS_MAX, "0");
}

// packages/commit/src/strategies/checkpoint.ts
var ATTRIBUTE = "SequenceNumber";
function checkpoint(options) {
  if (options.consumer === "" || options.consumer.includes("#"))
    throw new StrategyError('consumer must be text without "#"');
  if ((options.parallelizationFactor ?? 1) !== 1) {
    throw new StrategyError(
      "checkpoint needs a parallelization factor of 1: with more, batches of one shard overtake each other"
    );
  }
  const positions = /* @__PURE__ */ new Map();
  return {
    code: "checkpoint",
    guardSize: () => 1,
    forget: (batch) => {
      if (batch.shardId !== void 0) positions.delete(batch.shardId);
    },
    open: async (batch, { read }) => {
      const shardId = shardOf(batch);
      const key = { Position: { S: `${options.consumer}#${shardId}` } };
      if (!positions.has(shardId)) {
        const standing = await read({ table: options.table, key });
        positions.set(shardId, standing === void 0 ? void 0 : positionIn(standing));
      }
      return openSession({
        table: options.table,
        key,
        name: `${options.consumer}#${shardId}`,
        shardId,
        positions
      });
    }
  };
}
function openSession(place) {
  const divide = (records) => {
    const position = place.positions.get(place.shardId);
    const isApplied = (record) => position !== void 0 && compareSequenceNumbers(sequenceNumberOf(record), position) <= 0;
    return { fresh: records.filter((r) => !isApplied(r)), applied: records.filter(isApplied) };
  };
  return {
    admit: (records) => {
      assertAscending(records);
      return divide(records);
    },
    guard: (group) => {
      const last = sequenceNumberOf(lastOf(group));
      const move = {
        type: "compare-and-set",
        table: place.table,
        key: place.key,
        attribute: ATTRIBUTE,
        previous: place.positions.get(place.shardId),
        next: last
      };
      return { name: `${place.name}#${last}`, actions: [move] };
    },
    onConditionFailed: (group, guard, failures) => {
      const own = failures.find(({ action }) => action === guard.actions[0]);
      if (own === void 0)
        throw new GuardViolationError("a row of sums stands though the position is before its records");
      if (own.standing === void 0) throw new GuardViolationError("the position of the shard went away");
      const standing = positionIn(own.standing);
      const previous = place.positions.get(place.shardId);
      if (previous !== void 0 && compareSequenceNumbers(standing, previous) <= 0) {
        throw new GuardViolationError("the position of the shard went backwards");
      }
      place.positions.set(place.shardId, standing);
      return divide(group);
    },
    onTokenMismatch: () => {
      throw new GuardViolationError("a token mismatch was reported for a transaction without a token");
    },
    onCommitted: (group) => {
      place.positions.set(place.shardId, sequenceNumberOf(lastOf(group)));
    }
  };
}
function shardOf(batch) {
  if (batch.shardId === void 0 || batch.shardId === "") {
    throw new StrategyError(
      "checkpoint needs the shard id: Kinesis has it in eventID, DynamoDB Streams tell it only to a mapping with a tumbling window"
    );
  }
  return batch.shardId;
}
function sequenceNumberOf(record) {
  if (record.sequenceNumber === void 0)
    throw new StrategyError("checkpoint needs the sequence number of every record");
  return record.sequenceNumber;
}
function positionIn(item) {
  const value = item[ATTRIBUTE];
  if (value === void 0 || !("S" in value))
    throw new GuardViolationError(`the position has no text attribute ${ATTRIBUTE}`);
  return value.S;
}
function lastOf(group) {
  const last = group.at(-1);
  if (last === void 0) throw new GuardViolationError("a group without records has no guard");
  return last;
}
function assertAscending(records) {
  for (const [index, record] of records.entries()) {
    const next = records[index + 1];
    if (next !== void 0 && compareSequenceNumbers(sequenceNumberOf(record), sequenceNumberOf(next)) >= 0) {
      throw new StrategyError(
        "checkpoint needs the records of a batch in ascending order of sequence number"
      );
    }
  }
}

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_u64.js
var fromNumH = (n) => n / 2 ** 32 | 0;
var fromNumL = (n) => n >>> 0;
function setU64FromNum(view, byteOffset, n, isLE) {
  const h = fromNumH(n);
  const l = fromNumL(n);
  view.setUint32(byteOffset, isLE ? l : h, isLE);
  view.setUint32(byteOffset + 4, isLE ? h : l, isLE);
}

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/utils.js
function isBytes(a) {
  return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
}
var atitle = (title) => title ? `"${title}" ` : "";
function anumber(n, title = "") {
  if (typeof n !== "number")
    throw new TypeError(atitle(title) + "expected number, got " + typeof n);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(atitle(title) + "expected integer >= 0, got " + n);
  return n;
}
function abytes(value, length, title = "") {
  if (isBytes(value) && (length === void 0 || value.length === length))
    return value;
  if (length !== void 0)
    anumber(length, "length");
  const bytes = isBytes(value);
  const ofLen = length !== void 0 ? ` of length ${length}` : "";
  const got = bytes ? `length=${value.length}` : `type=${typeof value}`;
  const message = atitle(title) + "expected Uint8Array" + ofLen + ", got " + got;
  if (!bytes)
    throw new TypeError(message);
  throw new RangeError(message);
}
var aobject = (value, label) => {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError((label === "object" ? "" : `"${label}" `) + "expected object, got type=" + typeof value);
};
var aopts = (value, label) => {
  aobject(value, label);
  const proto = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null)
    throw new TypeError(`"${label}" expected plain object`);
  if (Object.hasOwn(value, "__proto__"))
    throw new TypeError(`"${label}.__proto__" is not allowed`);
};
function aexists(instance, checkFinished = true) {
  if (instance.destroyed)
    throw new Error("hash was destroyed");
  if (checkFinished && instance.finished)
    throw new Error("digest() was already called");
}
function aoutput(out, instance) {
  abytes(out, void 0, "output");
  const min = instance.outputLen;
  if (!(out.length >= min)) {
    throw new RangeError('"output" expected length >= ' + min);
  }
}
function clean(...arrays) {
  for (let i = 0; i < arrays.length; i++) {
    arrays[i].fill(0);
  }
}
function createView(arr) {
  return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
}
function rotr(word, shift) {
  return word << 32 - shift | word >>> shift;
}
function utf8ToBytes(str) {
  if (typeof str !== "string")
    throw new TypeError("string expected");
  const encoded = new TextEncoder().encode(str);
  try {
    return new Uint8Array(encoded);
  } finally {
    clean(encoded);
  }
}
function checkOpts(defaults, opts, title = "opts") {
  aopts(defaults, "defaults");
  if (opts !== void 0)
    aopts(opts, title);
  const merged = Object.assign(/* @__PURE__ */ Object.create(null), defaults, opts);
  return merged;
}
function createHasher(hashCons, info = {}) {
  if (typeof hashCons !== "function")
    throw new TypeError('"hashCons" expected function, got type=' + typeof hashCons);
  info = checkOpts({}, info, "info");
  const hashC = (msg, opts) => hashCons(opts).update(msg).digest();
  const tmp = hashCons(void 0);
  hashC.outputLen = tmp.outputLen;
  hashC.blockLen = tmp.blockLen;
  hashC.canXOF = tmp.canXOF;
  hashC.create = (opts) => hashCons(opts);
  Object.assign(hashC, info);
  return Object.freeze(hashC);
}
var oidNist = (suffix) => ({
  // Current NIST hashAlgs suffixes used here fit in one DER subidentifier octet.
  // Larger suffix values would need base-128 OID encoding and a different length byte.
  oid: Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2, suffix])
});

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/_md.js
function Chi(a, b, c) {
  return a & b ^ ~a & c;
}
function Maj(a, b, c) {
  return a & b ^ a & c ^ b & c;
}
var HashMD = class {
  blockLen;
  outputLen;
  canXOF = false;
  padOffset;
  isLE;
  // For partial updates less than block size
  buffer;
  view;
  finished = false;
  length = 0;
  pos = 0;
  destroyed = false;
  constructor(blockLen, outputLen, padOffset, isLE) {
    this.blockLen = blockLen;
    this.outputLen = outputLen;
    this.padOffset = padOffset;
    this.isLE = isLE;
    this.buffer = new Uint8Array(blockLen);
    this.view = createView(this.buffer);
  }
  update(data) {
    aexists(this);
    abytes(data);
    const { view, buffer, blockLen } = this;
    const len = data.length;
    let processed = false;
    for (let pos = 0; pos < len; ) {
      const take = Math.min(blockLen - this.pos, len - pos);
      if (take === blockLen) {
        const dataView = createView(data);
        for (; blockLen <= len - pos; pos += blockLen)
          this.process(dataView, pos);
        processed = true;
        continue;
      }
      buffer.set(pos === 0 && take === len ? data : data.subarray(pos, pos + take), this.pos);
      this.pos += take;
      pos += take;
      if (this.pos === blockLen) {
        this.process(view, 0);
        this.pos = 0;
        processed = true;
      }
    }
    this.length += data.length;
    if (processed)
      this.roundClean();
    return this;
  }
  digestInto(out) {
    aexists(this);
    aoutput(out, this);
    this.finished = true;
    const { buffer, view, blockLen, isLE } = this;
    let { pos } = this;
    buffer[pos++] = 128;
    buffer.fill(0, pos);
    if (this.padOffset > blockLen - pos) {
      this.process(view, 0);
      buffer.fill(0);
    }
    setU64FromNum(view, blockLen - 8, this.length * 8, isLE);
    this.process(view, 0);
    this.roundClean();
    const oview = out === buffer ? view : createView(out);
    const len = this.outputLen;
    const outLen = len / 4;
    const state = this.get();
    if (len % 4 || outLen > state.length)
      throw new Error("invalid outputLen");
    for (let i = 0; i < outLen; i++)
      oview.setUint32(4 * i, state[i], isLE);
  }
  digest() {
    const { buffer, outputLen } = this;
    this.digestInto(buffer);
    const res = buffer.slice(0, outputLen);
    this.destroy();
    return res;
  }
  _cloneIntoMeta(to) {
    const { buffer, length, finished, destroyed, pos } = this;
    to.destroyed = destroyed;
    to.finished = finished;
    to.length = length;
    to.pos = pos;
    if (pos)
      to.buffer.set(buffer);
    return to;
  }
  clone() {
    return this._cloneInto();
  }
};
var SHA256_IV = /* @__PURE__ */ Uint32Array.from([
  1779033703,
  3144134277,
  1013904242,
  2773480762,
  1359893119,
  2600822924,
  528734635,
  1541459225
]);

// node_modules/.pnpm/@noble+hashes@2.4.0/node_modules/@noble/hashes/sha2.js
var SHA256_K = /* @__PURE__ */ Uint32Array.from([
  1116352408,
  1899447441,
  3049323471,
  3921009573,
  961987163,
  1508970993,
  2453635748,
  2870763221,
  3624381080,
  310598401,
  607225278,
  1426881987,
  1925078388,
  2162078206,
  2614888103,
  3248222580,
  3835390401,
  4022224774,
  264347078,
  604807628,
  770255983,
  1249150122,
  1555081692,
  1996064986,
  2554220882,
  2821834349,
  2952996808,
  3210313671,
  3336571891,
  3584528711,
  113926993,
  338241895,
  666307205,
  773529912,
  1294757372,
  1396182291,
  1695183700,
  1986661051,
  2177026350,
  2456956037,
  2730485921,
  2820302411,
  3259730800,
  3345764771,
  3516065817,
  3600352804,
  4094571909,
  275423344,
  430227734,
  506948616,
  659060556,
  883997877,
  958139571,
  1322822218,
  1537002063,
  1747873779,
  1955562222,
  2024104815,
  2227730452,
  2361852424,
  2428436474,
  2756734187,
  3204031479,
  3329325298
]);
var SHA256_W = /* @__PURE__ */ new Uint32Array(64);
var SHA2_32B = class extends HashMD {
  // We cannot use array here since array allows indexing by variable
  // which means optimizer/compiler cannot use registers.
  // Numeric initializers matter: starting the fields as `undefined` changes
  // V8's field representation and makes sha256 3x slower (measured).
  A = 0;
  B = 0;
  C = 0;
  D = 0;
  E = 0;
  F = 0;
  G = 0;
  H = 0;
  constructor(outputLen, IV) {
    super(64, outputLen, 8, false);
    this.A = IV[0] | 0;
    this.B = IV[1] | 0;
    this.C = IV[2] | 0;
    this.D = IV[3] | 0;
    this.E = IV[4] | 0;
    this.F = IV[5] | 0;
    this.G = IV[6] | 0;
    this.H = IV[7] | 0;
  }
  get() {
    const { A, B, C, D, E, F, G, H } = this;
    return [A, B, C, D, E, F, G, H];
  }
  // prettier-ignore
  set(A, B, C, D, E, F, G, H) {
    this.A = A | 0;
    this.B = B | 0;
    this.C = C | 0;
    this.D = D | 0;
    this.E = E | 0;
    this.F = F | 0;
    this.G = G | 0;
    this.H = H | 0;
  }
  _cloneInto(to) {
    (to ||= new this.constructor()).set(...this.get());
    return this._cloneIntoMeta(to);
  }
  process(view, offset) {
    for (let i = 0; i < 16; i++, offset += 4)
      SHA256_W[i] = view.getUint32(offset, false);
    for (let i = 16; i < 64; i++) {
      const W15 = SHA256_W[i - 15];
      const W2 = SHA256_W[i - 2];
      const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ W15 >>> 3;
      const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ W2 >>> 10;
      SHA256_W[i] = s1 + SHA256_W[i - 7] + s0 + SHA256_W[i - 16] | 0;
    }
    let { A, B, C, D, E, F, G, H } = this;
    for (let i = 0; i < 64; i++) {
      const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
      const T1 = H + sigma1 + Chi(E, F, G) + SHA256_K[i] + SHA256_W[i] | 0;
      const sigma0 = rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22);
      const T2 = sigma0 + Maj(A, B, C) | 0;
      H = G;
      G = F;
      F = E;
      E = D + T1 | 0;
      D = C;
      C = B;
      B = A;
      A = T1 + T2 | 0;
    }
    A = A + this.A | 0;
    B = B + this.B | 0;
    C = C + this.C | 0;
    D = D + this.D | 0;
    E = E + this.E | 0;
    F = F + this.F | 0;
    G = G + this.G | 0;
    H = H + this.H | 0;
    this.set(A, B, C, D, E, F, G, H);
  }
  roundClean() {
    clean(SHA256_W);
  }
  destroy() {
    this.destroyed = true;
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    clean(this.buffer);
  }
};
var _SHA256 = class extends SHA2_32B {
  constructor() {
    super(32, SHA256_IV);
  }
};
var sha256 = /* @__PURE__ */ createHasher(
  () => new _SHA256(),
  /* @__PURE__ */ oidNist(1)
);

// packages/request-token/src/base64url.ts
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
function toBase64Url(bytes) {
  let text = "";
  for (let index = 0; index + 2 < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const group = first << 16 | second << 8 | third;
    for (const shift of [18, 12, 6, 0]) {
      text += ALPHABET.charAt(group >> shift & 63);
    }
  }
  return text;
}

// packages/request-token/src/encode-batch.ts
var FORMAT = "oncefold.request-token.v1";
function encodeBatch(batch) {
  const { namespace, consumer, recordIds } = batch;
  const parts = [...encodeText(FORMAT), ...encodeText(namespace), ...encodeText(consumer)];
  parts.push(encodeNumber(recordIds.length));
  for (const recordId of recordIds) {
    parts.push(...encodeText(recordId));
  }
  return join(parts);
}
function encodeText(text) {
  const bytes = utf8ToBytes(text);
  return [encodeNumber(bytes.length), bytes];
}
function encodeNumber(value) {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
function join(parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

// packages/request-token/src/request-token-error.ts
var EXPLANATIONS = {
  "not-text": "must be a string",
  "not-a-list": "must be an array of strings",
  empty: "must not be empty",
  "too-long": "must have at most 1,024 UTF-8 bytes",
  "too-many": "must have at most 10,000 entries",
  "malformed-unicode": "must be well-formed Unicode, without lone surrogates",
  duplicate: "must not repeat an earlier entry"
};
var RequestTokenError = class extends Error {
  name = "RequestTokenError";
  retryable = false;
  code;
  /** The field as written in the options, such as `consumer` or `recordIds[3]`. */
  field;
  constructor(code, field) {
    super(`${field} ${EXPLANATIONS[code]}.`);
    this.code = code;
    this.field = field;
  }
};

// packages/request-token/src/request-token.ts
var DIGEST_BYTES_USED = 27;
var RECORD_IDS_MAX = 1e4;
var TEXT_BYTES_MAX = 1024;
var BYTES_PER_CODE_UNIT_MAX = 3;
function requestToken(options) {
  const { namespace, consumer, recordIds } = options;
  checkText("namespace", namespace);
  checkText("consumer", consumer);
  checkRecordIds(recordIds);
  const digest = sha256(encodeBatch({ namespace, consumer, recordIds: [...recordIds].sort() }));
  return toBase64Url(digest.subarray(0, DIGEST_BYTES_USED));
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
function checkText(field, text) {
  if (typeof text !== "string") {
    throw new RequestTokenError("not-text", field);
  }
  if (text === "") {
    throw new RequestTokenError("empty", field);
  }
  if (isTooLong(text)) {
    throw new RequestTokenError("too-long", field);
  }
  if (!text.isWellFormed()) {
    throw new RequestTokenError("malformed-unicode", field);
  }
}
function isTooLong(text) {
  if (text.length * BYTES_PER_CODE_UNIT_MAX <= TEXT_BYTES_MAX) {
    return false;
  }
  return text.length > TEXT_BYTES_MAX || utf8ToBytes(text).length > TEXT_BYTES_MAX;
}

// packages/commit/src/strategy.ts
function withoutRepetitions(records) {
  const seen = /* @__PURE__ */ new Set();
  const fresh = [];
  const applied = [];
  for (const record of records) {
    (seen.has(record.id) ? applied : fresh).push(record);
    seen.add(record.id);
  }
  return { fresh, applied };
}

// packages/commit/src/strategies/ledger.ts
var MARKER_BYTES_MAX = 2048;
function ledger(options) {
  if (options.consumer === "" || options.consumer.includes("#"))
    throw new StrategyError('consumer must be text without "#"');
  if (!Number.isSafeInteger(options.retentionSeconds) || options.retentionSeconds < 1) {
    throw new StrategyError("retentionSeconds must be a whole number of seconds, at least 1");
  }
  const markerOf = (record) => {
    const marker = `${options.consumer}#${record.id}`;
    if (Buffer.byteLength(marker) > MARKER_BYTES_MAX) {
      throw new StrategyError(
        `a record id is too long for a marker: at most ${MARKER_BYTES_MAX} bytes with the consumer`
      );
    }
    const expiresAt = Math.ceil(options.now() / 1e3) + options.retentionSeconds;
    return {
      type: "put-if-absent",
      table: options.table,
      key: { Marker: { S: marker } },
      attributes: { ExpiresAt: { N: String(expiresAt) } }
    };
  };
  return {
    code: "ledger",
    guardSize: (recordCount) => recordCount,
    forget: () => {
    },
    open: async () => ({
      admit: withoutRepetitions,
      guard: (group) => ({
        name: requestToken({
          namespace: options.namespace,
          consumer: options.consumer,
          recordIds: group.map((record) => record.id)
        }),
        actions: group.map(markerOf)
      }),
      onConditionFailed: (group, guard, failures) => {
        const failed = new Set(failures.map(({ action }) => itemName(action)));
        const standing = guard.actions.map((marker) => failed.delete(itemName(marker)));
        if (failed.size > 0 && standing.includes(false)) {
          throw new GuardViolationError("a row of sums stands without the markers of its records");
        }
        if (!standing.includes(true))
          throw new GuardViolationError("a condition failed that is no marker of this group");
        return {
          fresh: group.filter((_, index) => standing[index] !== true),
          applied: group.filter((_, index) => standing[index] === true)
        };
      },
      onTokenMismatch: () => {
        throw new GuardViolationError("a token mismatch was reported for a transaction without a token");
      },
      onCommitted: () => {
      }
    })
  };
}

// packages/commit/src/strategies/none.ts
function none(options) {
  return {
    code: "none",
    guardSize: () => 0,
    forget: () => {
    },
    open: async () => ({
      admit: (records) => ({ fresh: records, applied: [] }),
      guard: () => ({ name: options.newName(), actions: [] }),
      onConditionFailed: () => {
        throw new GuardViolationError("a name that must be new is taken: newName repeats itself");
      },
      onTokenMismatch: () => {
        throw new GuardViolationError("a token mismatch was reported for a transaction without a token");
      },
      onCommitted: () => {
      }
    })
  };
}

// packages/commit/src/strategies/own-row.ts
function divideByOwnRow(group, guard, failures) {
  for (const { action } of failures) {
    const isOwnRow = action.type === "put-if-absent" && Object.values(action.key).some((value) => "S" in value && value.S === guard.name);
    if (!isOwnRow) {
      throw new GuardViolationError(`a condition failed that is no guard: ${action.type} on ${action.table}`);
    }
  }
  return { fresh: [], applied: group };
}

// packages/commit/src/strategies/request-token.ts
function requestTokenStrategy(options) {
  return {
    code: "request-token",
    guardSize: () => 0,
    forget: () => {
    },
    open: async () => ({
      admit: withoutRepetitions,
      guard: (group) => {
        const token = requestToken({ ...options, recordIds: group.map((record) => record.id) });
        return { name: token, actions: [], token };
      },
      onConditionFailed: divideByOwnRow,
      onTokenMismatch: (group) => ({ fresh: [], applied: group }),
      onCommitted: () => {
      }
    })
  };
}

// packages/commit/src/create-strategy.ts
function createStrategy(code, options) {
  switch (code) {
    case "none":
      return none({ newName: randomUUID });
    case "request-token":
      return requestTokenStrategy(options);
    case "ledger":
      return ledger({
        ...options,
        table: options.ledgerTable,
        retentionSeconds: options.ledgerRetentionSeconds,
        now: Date.now
      });
    case "checkpoint":
      return checkpoint({ ...options, table: options.positionTable });
    default:
      throw new StrategyError(
        "there is no such strategy; there are none, request-token, ledger and checkpoint"
      );
  }
}

// packages/commit/src/effect.ts
var ROW_KEYS_MAX = 80;
function rowOfSums(options) {
  return {
    keysMax: ROW_KEYS_MAX,
    actionCount: (keyCount) => keyCount === 0 ? 0 : 1,
    actions: (delta, identity) => {
      if (delta.size === 0) return [];
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
  return [...delta].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
}

// packages/commit/src/dynamodb/create-dynamodb-transactions.ts
import {
  DynamoDBServiceException,
  GetItemCommand,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand
} from "@aws-sdk/client-dynamodb";
function createDynamoDbTransactions(client) {
  return {
    transact: async (request) => {
      await assertSingleAttempt(client);
      try {
        const output = await client.send(
          new TransactWriteItemsCommand({
            TransactItems: request.actions.map(toTransactItem),
            ...request.token === void 0 ? {} : { ClientRequestToken: request.token },
            ReturnConsumedCapacity: "TOTAL"
          }),
          { abortSignal: AbortSignal.timeout(request.timeoutMs) }
        );
        const units = sumUnits(output.ConsumedCapacity ?? []);
        return { code: "committed", replayed: units.write === 0 && units.read > 0, units };
      } catch (error) {
        return transactionOutcomeOf(error, request.actions);
      }
    },
    read: async ({ table, key, timeoutMs }) => {
      await assertSingleAttempt(client);
      try {
        const output = await client.send(
          new GetItemCommand({ TableName: table, Key: toAttributes(key), ConsistentRead: true }),
          { abortSignal: AbortSignal.timeout(timeoutMs) }
        );
        return output.Item === void 0 ? { code: "absent" } : { code: "found", item: fromAttributes(output.Item) };
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }
  };
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
  const keyName = Object.keys(action.key)[0] ?? "";
  switch (action.type) {
    case "increment":
      return {
        Update: {
          ...place,
          Key: toAttributes(action.key),
          UpdateExpression: "ADD #attribute :by",
          ExpressionAttributeNames: { "#attribute": action.attribute },
          ExpressionAttributeValues: { ":by": { N: action.by } }
        }
      };
    case "put":
      return { Put: { ...place, Item: toAttributes({ ...action.attributes, ...action.key }) } };
    case "put-if-absent":
      return {
        Put: {
          ...place,
          Item: toAttributes({ ...action.attributes, ...action.key }),
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": keyName }
        }
      };
    case "compare-and-set":
      return {
        Update: {
          ...place,
          Key: toAttributes(action.key),
          UpdateExpression: "SET #attribute = :next",
          ConditionExpression: action.previous === void 0 ? "attribute_not_exists(#key)" : "#attribute = :previous",
          ExpressionAttributeNames: {
            "#attribute": action.attribute,
            ...action.previous === void 0 ? { "#key": keyName } : {}
          },
          ExpressionAttributeValues: {
            ":next": { S: action.next },
            ...action.previous === void 0 ? {} : { ":previous": { S: action.previous } }
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD"
        }
      };
  }
}
function transactionOutcomeOf(error, actions) {
  if (error instanceof IdempotentParameterMismatchException) return { code: "token-mismatch" };
  if (error instanceof TransactionInProgressException) return { code: "in-progress" };
  if (error instanceof TransactionCanceledException) return outcomeOfCancellation(error, actions);
  return outcomeOfFailure(error);
}
var BUSY_REASONS = /* @__PURE__ */ new Set([
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded"
]);
function outcomeOfCancellation(error, actions) {
  const failures = [];
  let isConflict = false;
  let isBusy = false;
  for (const [index, reason] of (error.CancellationReasons ?? []).entries()) {
    const code = reason.Code ?? "None";
    const action = actions[index];
    if (code === "None") continue;
    if (code === "TransactionConflict") isConflict = true;
    else if (BUSY_REASONS.has(code)) isBusy = true;
    else if (code === "ConditionalCheckFailed" && action !== void 0) {
      failures.push({
        action,
        standing: reason.Item === void 0 ? void 0 : fromAttributes(reason.Item)
      });
    } else throw new TransactionRefusedError(`DynamoDB cancelled the transaction: ${code}`, { cause: error });
  }
  if (isConflict) return { code: "conflict" };
  if (isBusy) return { code: "throttled" };
  if (failures.length > 0) return { code: "condition-failed", failures };
  throw new TransactionRefusedError("DynamoDB cancelled the transaction without a reason", { cause: error });
}
var THROTTLES = /* @__PURE__ */ new Set([
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "LimitExceededException",
  "TooManyRequestsException"
]);
function outcomeOfFailure(error) {
  if (error instanceof DynamoDBServiceException) {
    if (THROTTLES.has(error.name)) return { code: "throttled" };
    if (error.$fault === "server" || (error.$metadata.httpStatusCode ?? 0) >= 500)
      return { code: "unavailable", cause: error };
    throw new TransactionRefusedError(`DynamoDB refused the request: ${error.name}`, { cause: error });
  }
  if (isTransport(error)) return { code: "unavailable", cause: error };
  throw error;
}
function isTransport(error) {
  if (!(error instanceof Error)) return false;
  if (error.name === "AbortError" || error.name === "TimeoutError") return true;
  const code = error.code;
  return typeof code === "string" && /^(E[A-Z]+|ERR_(STREAM|SOCKET|HTTP2)_\w+)$/.test(code);
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
function toAttributes(item) {
  return { ...item };
}
function fromAttributes(attributes) {
  const item = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value.S !== void 0) item[name] = { S: value.S };
    else if (value.N !== void 0) item[name] = { N: value.N };
    else if (value.B !== void 0) item[name] = { B: value.B };
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
  const config = new IdempotencyConfig({
    eventKeyJmesPath: "group",
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: options.expiresAfterSeconds
  });
  const nameOf = (group) => requestToken({
    namespace: options.namespace,
    consumer: options.consumer,
    recordIds: group.map((record) => record.id)
  });
  return {
    code: "powertools",
    guardSize: () => 0,
    forget: () => {
    },
    open: async (_batch, { remainingMs }) => ({
      admit: withoutRepetitions,
      guard: (group) => ({ name: nameOf(group), actions: [], token: randomUUID2() }),
      around: async (group, commit) => {
        config.registerLambdaContext({ getRemainingTimeInMillis: remainingMs });
        let outcome;
        const commitIdempotently = makeIdempotent(
          async (_payload) => {
            outcome = await commit();
            if (outcome.code !== "committed") throw new NotCommitted();
            return { committed: true };
          },
          { persistenceStore: options.store, config, keyPrefix: options.consumer }
        );
        try {
          await commitIdempotently({ group: nameOf(group) });
        } catch (error) {
          if (error instanceof NotCommitted && outcome !== void 0) return outcome;
          if (error instanceof IdempotencyAlreadyInProgressError) {
            throw new CommitUndecidedError("another invocation is at work on this group, or died at it", {
              attempts: 1,
              lastOutcome: "in-progress",
              cause: error
            });
          }
          throw error;
        }
        return outcome ?? { code: "already-applied" };
      },
      onConditionFailed: divideByOwnRow,
      onTokenMismatch: () => {
        throw new GuardViolationError("a token that was made for one send cannot have been used");
      },
      onCommitted: () => {
      }
    })
  };
}
var NotCommitted = class extends Error {
};

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
import { GetItemCommand as GetItemCommand2 } from "@aws-sdk/client-dynamodb";
function createPercentageReader(options) {
  const { parameter, table, client, now = () => performance.now(), cache_ms = 1e3 } = options;
  let cached;
  return async () => {
    const startedAt = now();
    if (cached !== void 0 && startedAt < cached.expiresAt) return cached.percentage;
    const { Item } = await client.send(
      new GetItemCommand2({ TableName: table, Key: { parameter: { S: parameter } }, ConsistentRead: true })
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

// packages/commit-function/src/compose-commit.ts
var REQUEST_TIMEOUT_MS = 5e3;
var STORE_ATTEMPTS_MAX = 3;
var RETENTION_SECONDS_MAX = 2 * 366 * 24 * 60 * 60;
function composeCommit(environment, failureParameter) {
  const consumer = environment.text("CONSUMER");
  const retentionSeconds = environment.integer("LEDGER_RETENTION_SECONDS", {
    min: 1,
    max: RETENTION_SECONDS_MAX
  });
  const seed = environment.optionalInteger("INDUCED_FAILURE_SEED", { min: 0, max: Number.MAX_SAFE_INTEGER });
  const client = createFunctionDynamoDb({
    attemptsMax: 1,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    connectionsMax: 4
  });
  const induce = () => inducedFailures({
    parameter: failureParameter,
    when: "after",
    table: environment.text("PARAMETER_TABLE"),
    client,
    ...seed === void 0 ? {} : { seed }
  });
  return {
    logger: new Logger(),
    metrics: new Metrics(),
    transactions: createDynamoDbTransactions(client),
    strategy: composeStrategy(environment, { consumer, retentionSeconds }),
    consumer,
    retentionSeconds,
    induced: environment.flag("INDUCED_FAILURES") ? [induce()] : []
  };
}
function composeStrategy(environment, { consumer, retentionSeconds }) {
  const code = environment.text("STRATEGY");
  const namespace = environment.text("NAMESPACE");
  if (code === "powertools") {
    const store = new DynamoDBPersistenceLayer({
      tableName: environment.text("IDEMPOTENCY_TABLE"),
      // Its requests are conditional or overwrite themselves, so the SDK may send them again as it does by default.
      awsSdkV3Client: createFunctionDynamoDb({
        attemptsMax: STORE_ATTEMPTS_MAX,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        connectionsMax: 1
      })
    });
    return powertools({ namespace, consumer, store, expiresAfterSeconds: retentionSeconds });
  }
  const parallelizationFactor = environment.optionalInteger("PARALLELIZATION_FACTOR", { min: 1, max: 10 });
  return createStrategy(code, {
    namespace,
    consumer,
    ledgerTable: environment.text("LEDGER_TABLE"),
    ledgerRetentionSeconds: retentionSeconds,
    positionTable: environment.text("POSITION_TABLE"),
    ...parallelizationFactor === void 0 ? {} : { parallelizationFactor }
  });
}

// packages/commit-function/src/publish-commit.ts
import { MetricUnit } from "@aws-lambda-powertools/metrics";
function publishCommit(metrics2, logger2, now_ms = Date.now) {
  return (report, batch) => {
    const { applied, alreadyApplied, ...counts } = report;
    const appliedIds = new Set(applied);
    const quarantined = batch.records.filter(
      (record) => appliedIds.has(record.id) && (record.writes?.length ?? 0) > 0
    ).length;
    const figures = {
      RecordsApplied: applied.length - quarantined,
      RecordsAlreadyApplied: alreadyApplied.length,
      RecordsQuarantined: quarantined,
      Commits: counts.commits,
      CommitRequests: counts.requests,
      TransactionConflicts: counts.conflicts,
      TransactionThrottles: counts.throttles,
      TokenReplays: counts.replays,
      TokenMismatches: counts.tokenMismatches
    };
    for (const [name, value] of Object.entries(figures)) metrics2.addMetric(name, MetricUnit.Count, value);
    publishAges(metrics2, batch, appliedIds, now_ms());
    metrics2.publishStoredMetrics();
    logger2.info("Batch committed", { records: batch.records.length, ...figures });
    if (counts.tokenMismatches > 0) {
      logger2.warn("A request token had been used with other actions; its records are taken as applied", {
        tokenMismatches: counts.tokenMismatches
      });
    }
  };
}
function publishAges(metrics2, { records }, appliedIds, now_ms) {
  const timesOf = (some) => some.map((record) => record.time);
  const applied = recordAges(timesOf(records.filter(({ id }) => appliedIds.has(id))), now_ms);
  const all = recordAges(timesOf(records), now_ms);
  if (applied !== void 0) metrics2.addMetric("StageLatency", MetricUnit.Milliseconds, applied.oldest_ms);
  if (all !== void 0) metrics2.addMetric("PositionLag", MetricUnit.Milliseconds, all.newest_ms);
}

// packages/middleware/src/assert-known-options.ts
function assertKnownOptions(owner, options, names) {
  for (const name of Object.keys(options)) {
    if (!names.known.includes(name)) throw new StrategyError(`${owner}: there is no option ${name}`);
  }
  for (const name of names.required) {
    if (options[name] === void 0)
      throw new StrategyError(`${owner}: the option ${name} is missing`);
  }
}

// packages/middleware/src/record-identity.ts
function identifyRecords(event, recordId = (record) => record.eventID) {
  if (!Array.isArray(event?.Records))
    throw new StrategyError("Records: the event of a stream has a list of records");
  const records = event.Records.map((record, index) => {
    const id = recordId(record);
    if (typeof id !== "string" || id === "")
      throw new StrategyError(`Records[${index}]: the record has no id`);
    return {
      id,
      sequenceNumber: record.kinesis?.sequenceNumber ?? record.dynamodb?.SequenceNumber,
      time: record.kinesis?.approximateArrivalTimestamp ?? record.dynamodb?.ApproximateCreationDateTime
    };
  });
  return { records, shardId: event.shardId ?? kinesisShardOf(event.Records) };
}
function kinesisShardOf(records) {
  let shardId;
  for (const [index, record] of records.entries()) {
    if (record.kinesis === void 0 || record.eventID === void 0) return void 0;
    const shard = record.eventID.slice(0, record.eventID.lastIndexOf(":"));
    if (shardId !== void 0 && shard !== shardId) {
      throw new StrategyError(`Records[${index}]: the records of one invocation come from one shard`);
    }
    shardId = shard;
  }
  return shardId;
}

// packages/middleware/src/commit-once.ts
var OPTION_NAMES = [
  "transactions",
  "strategy",
  "effect",
  "recordId",
  "onCommitted",
  "reserveMs",
  "limits",
  "surroundings"
];
var IDENTITY = /* @__PURE__ */ Symbol("@oncefold/middleware/commit-once");
function commitOnce(options) {
  assertKnownOptions("commitOnce", options, {
    known: OPTION_NAMES,
    required: ["transactions", "strategy", "effect"]
  });
  const commitOnceBefore = (request) => {
    internalOf(request)[IDENTITY] = identifyRecords(request.event, options.recordId);
  };
  const commitOnceAfter = async (request) => {
    const identity = internalOf(request)[IDENTITY];
    if (identity === void 0) throw new StrategyError("commitOnce did not see this invocation begin");
    const folds = foldsOf(request.response, identity);
    const batch = {
      shardId: identity.shardId,
      records: identity.records.map((record, index) => ({ ...record, ...folds[index] }))
    };
    const report = await commitBatch(batch, {
      transactions: options.transactions,
      strategy: options.strategy,
      effect: options.effect,
      remainingMs: () => request.context.getRemainingTimeInMillis(),
      ...options.reserveMs === void 0 ? {} : { reserveMs: options.reserveMs },
      ...options.limits === void 0 ? {} : { limits: options.limits },
      ...options.surroundings === void 0 ? {} : { surroundings: options.surroundings }
    });
    await options.onCommitted?.(report, batch);
    request.response = responseTo(request.event);
  };
  return { before: commitOnceBefore, after: commitOnceAfter };
}
function internalOf(request) {
  return request.internal;
}
function foldsOf(response, identity) {
  if (!Array.isArray(response))
    throw new StrategyError("the handler must return a list with one element per record");
  if (response.length !== identity.records.length) {
    throw new StrategyError(
      `the handler must return one element per record: ${identity.records.length} records, ${response.length} elements`
    );
  }
  for (const [index, fold2] of response.entries()) {
    if (!(fold2?.contribution instanceof Map)) {
      throw new StrategyError(`[${index}].contribution: must be a Map from aggregate key to decimal`);
    }
  }
  return response;
}
function responseTo(event) {
  return event.state === void 0 ? { batchItemFailures: [] } : { batchItemFailures: [], state: event.state };
}

// services/map/src/compose.ts
function compose(variables) {
  const environment = readEnvironment(variables);
  const commit = composeCommit(environment, "FAILURE_MAP_LAMBDA_PCT");
  return {
    ...commit,
    effect: rowOfSums({
      table: environment.text("REDUCE_TABLE"),
      key: "MessageId",
      attribute: "Message",
      expiry: { attribute: "ExpiresAt", afterSeconds: commit.retentionSeconds }
    }),
    fold: {
      hierarchy: createHierarchy({ dimensions: environment.text("HIERARCHY_DIMENSIONS").split(",") }),
      expiredTrades: environment.choice("EXPIRED_TRADES", ["retract", "keep"]),
      consumer: commit.consumer,
      stateTable: environment.text("STATE_TABLE"),
      quarantineTable: environment.text("QUARANTINE_TABLE")
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

// services/map/src/fold-changes.ts
function foldChanges(records, options) {
  return records.map((record) => foldChange(record, options));
}
function foldChange(record, options) {
  if (options.expiredTrades === "keep" && isExpiry(record)) return { contribution: /* @__PURE__ */ new Map() };
  const before = readImage(record.dynamodb?.OldImage, options.hierarchy);
  const after = readImage(record.dynamodb?.NewImage, options.hierarchy);
  const contribution = contributionOfTradeChange(before.trade, after.trade, options.hierarchy);
  return after.refusal === void 0 ? { contribution } : { contribution, writes: quarantine(record, after.refusal, options) };
}
function readImage(image, hierarchy) {
  if (image === void 0) return { trade: void 0, refusal: void 0 };
  const texts = {
    id: image["id"]?.S,
    Version: image["Version"]?.N,
    Value: image["Value"]?.N,
    Hierarchy: image["Hierarchy"]?.S,
    Timestamp: image["Timestamp"]?.N
  };
  const result = tradeFromImage(texts, hierarchy);
  return result.code === "valid" ? { trade: result.trade, refusal: void 0 } : { trade: void 0, refusal: { reason: result.reason, field: result.field ?? "" } };
}
function quarantine(record, refusal, options) {
  return quarantineItems({
    source: `${options.stateTable}#${record.eventID}`,
    consumer: options.consumer,
    reason: refusal.reason,
    detail: refusal.field,
    payload: Buffer.from(JSON.stringify(record.dynamodb))
  }).map(({ key, attributes }) => ({
    type: "put",
    table: options.quarantineTable,
    key,
    attributes: { ...attributes }
  }));
}
function isExpiry(record) {
  return record.eventName === "REMOVE" && record.userIdentity?.type === "Service" && record.userIdentity.principalId === "dynamodb.amazonaws.com";
}

// services/map/src/handler.ts
var { logger, metrics, transactions, strategy, effect, fold, induced } = compose(process.env);
var handler = middy().use([...induced]).use(injectLambdaContext(logger)).use(commitOnce({ transactions, strategy, effect, onCommitted: publishCommit(metrics, logger) })).handler(async (event) => foldChanges(event.Records, fold));
export {
  handler
};
