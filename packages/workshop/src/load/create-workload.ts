import { labDimensions } from './dimensions.ts';
import { deskOf, invalidKinds, kindAt, oversizedKinds } from './invalid-messages.ts';
import { makeOddTrade } from './odd-trades.ts';
import { type PlannedTrade, pickPath, planTrades } from './plan-trades.ts';
import { createRandom, type Random } from './random.ts';
import { fieldsOf, formatFields, type TradeFields } from './trade-fields.ts';
import {
  type TradeClaim,
  type Workload,
  type WorkloadCall,
  type WorkloadDimension,
  WorkloadError,
  type WorkloadMessage,
  type WorkloadOptions,
} from './workload.ts';

const MESSAGES_MAX = 1_000_000;
const MESSAGES_PER_CALL = 40;
/** The limit of PutRecords. */
const MESSAGES_PER_CALL_MAX = 500;
const CHANGE_PERCENT = 3;
const CHANGE_PERCENT_MAX = 90;
/** So many of one call stay within its 5 MB. */
const OVERSIZED_MAX = 3;
/** One in so many messages repeats another one of its call: 5 of 40. */
const REPEAT_EVERY = 8;
/** The lab makes 10,000 messages in a minute. */
const TRADE_INTERVAL_US = 6_000;

type Settings = Required<WorkloadOptions>;

/** What fills one place of the load before its call's repeats are added. */
type Slot = 'trade' | 'odd' | 'invalid' | 'oversized';

/**
 * Makes the load of the public workshop lab from a seed.
 *
 * Calls of 40 messages, of which 5 repeat others of the same call; 3 of 100 trade messages change an existing trade,
 * which may move it to other dimensions; once a trade is at version 1, version 0 arrives again with another payload.
 * Some versions arrive before those that they replace. `truthOf` says what it all adds up to.
 *
 * @returns the calls in the order in which they are to be sent
 */
export function createWorkload(options: WorkloadOptions): Workload {
  const settings = checkOptions(options);
  const random = createRandom(settings.seed);
  const sizes = callSizes(settings);
  const fresh = makeFresh(
    settings,
    sizes.reduce((sum, { fresh }) => sum + fresh, 0),
    random,
  );
  const calls: WorkloadCall[] = [];
  let from = 0;
  for (const { fresh: count, repeats } of sizes) {
    calls.push({ messages: withRepeats(fresh.slice(from, from + count), repeats, random) });
    from += count;
  }
  return { dimensions: settings.dimensions, calls };
}

function callSizes({ messages, messagesPerCall }: Settings): { fresh: number; repeats: number }[] {
  const sizes: { fresh: number; repeats: number }[] = [];
  for (let left = messages; left > 0; left -= messagesPerCall) {
    const size = Math.min(left, messagesPerCall);
    const repeats = Math.floor(size / REPEAT_EVERY);
    sizes.push({ fresh: size - repeats, repeats });
  }
  return sizes;
}

function makeFresh(settings: Settings, count: number, random: Random): WorkloadMessage[] {
  const { invalid, oversized, odd } = settings;
  const left: Record<Slot, number> = { trade: count - invalid - oversized - odd, odd, invalid, oversized };
  if (left.trade < 0) {
    throw new WorkloadError('bad-option', `invalid, oversized and odd must be at most ${count} together.`);
  }
  const plan = planTrades(
    { count: left.trade, changePercent: settings.changePercent },
    settings.dimensions,
    random,
  );
  const writer = createWriter(settings, random);
  const messages: WorkloadMessage[] = [];
  let planned = 0;
  for (let at = 0; at < count; at += 1) {
    const slot = drawSlot(left, count - at, random);
    left[slot] -= 1;
    const trade = slot === 'trade' ? plan[planned] : undefined;
    planned += trade === undefined ? 0 : 1;
    messages.push(trade === undefined ? writer.writeSpecial(slot, at) : writer.writeTrade(trade));
  }
  return messages;
}

/** Each place is as likely for each slot that is left, and in the end none is left. */
function drawSlot(left: Readonly<Record<Slot, number>>, places: number, random: Random): Slot {
  let draw = random.below(places);
  for (const slot of ['trade', 'odd', 'invalid', 'oversized'] as const) {
    if (draw < left[slot]) {
      return slot;
    }
    draw -= left[slot];
  }
  throw new Error('There are more places than messages.');
}

interface Writer {
  writeTrade(planned: PlannedTrade): WorkloadMessage;
  writeSpecial(slot: Slot, at: number): WorkloadMessage;
}

function createWriter({ dimensions, startMilliseconds }: Settings, random: Random): Writer {
  const turns: Record<Slot, number> = { trade: 0, odd: 0, invalid: 0, oversized: 0 };
  const fieldsAt =
    (at: number) =>
    (claim: TradeClaim): TradeFields =>
      fieldsOf(claim, dimensions, startMilliseconds * 1000 + at * TRADE_INTERVAL_US);
  const base = (): { partitionKey: string; isRepeat: false } => ({
    partitionKey: random.uuid(),
    isRepeat: false,
  });
  return {
    writeTrade({ kind, claim, madeAt }) {
      return { ...base(), kind, claim, data: Buffer.from(formatFields(fieldsAt(madeAt)(claim))) };
    },
    writeSpecial(slot, at) {
      const turn = turns[slot];
      turns[slot] += 1;
      const usual = {
        tradeId: random.uuid(),
        version: 0,
        units: 10n ** 12n,
        path: pickPath(dimensions, random),
      };
      if (slot === 'odd') {
        return { ...base(), kind: 'odd', ...makeOddTrade(turn, usual, dimensions, fieldsAt(at)) };
      }
      const { name, reason, make } = kindAt(slot === 'oversized' ? oversizedKinds : invalidKinds, turn);
      const data = make(fieldsAt(at)(usual), { dimension: deskOf(dimensions), random });
      return { ...base(), kind: 'invalid', name, reason, data };
    },
  };
}

/** Puts repeats of different messages at places of their own; trades are preferred to what is invalid or huge. */
function withRepeats(fresh: readonly WorkloadMessage[], repeats: number, random: Random): WorkloadMessage[] {
  const candidates = [...fresh].sort((one, other) => rankOf(one) - rankOf(other));
  const trades = candidates.filter((message) => message.kind !== 'invalid').length;
  const pool = candidates.slice(0, Math.max(trades, repeats));
  const messages = [...fresh];
  for (let count = 0; count < repeats; count += 1) {
    const [original] = pool.splice(random.below(pool.length), 1);
    if (original === undefined) {
      throw new Error('There are more repeats than messages.');
    }
    const after = messages.indexOf(original) + 1;
    messages.splice(after + random.below(messages.length - after + 1), 0, { ...original, isRepeat: true });
  }
  return messages;
}

function rankOf(message: WorkloadMessage): number {
  return message.kind === 'invalid' ? message.data.length : 0;
}

function checkOptions(options: WorkloadOptions): Settings {
  const settings: Settings = {
    dimensions: labDimensions,
    messagesPerCall: MESSAGES_PER_CALL,
    changePercent: CHANGE_PERCENT,
    invalid: 0,
    oversized: 0,
    odd: 0,
    ...options,
  };
  checkInteger('messages', settings.messages, 1, MESSAGES_MAX);
  checkInteger('seed', settings.seed, -(2 ** 31), 2 ** 32 - 1);
  checkInteger('startMilliseconds', settings.startMilliseconds, 0, 8.64e12);
  checkInteger('messagesPerCall', settings.messagesPerCall, 1, MESSAGES_PER_CALL_MAX);
  checkInteger('changePercent', settings.changePercent, 0, CHANGE_PERCENT_MAX);
  checkInteger('invalid', settings.invalid, 0, settings.messages);
  checkInteger('oversized', settings.oversized, 0, OVERSIZED_MAX);
  checkInteger('odd', settings.odd, 0, settings.messages);
  checkDimensions(settings.dimensions);
  return settings;
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new WorkloadError('bad-option', `${name} must be an integer from ${least} to ${most}.`);
  }
}

function checkDimensions(dimensions: readonly WorkloadDimension[]): void {
  const names = new Set(dimensions.map(({ name }) => name));
  if (dimensions.length === 0 || names.size !== dimensions.length) {
    throw new WorkloadError('bad-option', 'dimensions must be 1 or more with different names.');
  }
  for (const [level, { values }] of dimensions.entries()) {
    if (values.length === 0 || new Set(values).size !== values.length) {
      throw new WorkloadError('bad-option', `dimensions[${level}].values must be 1 or more different texts.`);
    }
  }
}
