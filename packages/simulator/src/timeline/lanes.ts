import type { HistoryEvent } from '../history/history.ts';
import { type HistoryTrace, isDirect, streamOf } from './trace-history.ts';
import { shardText } from './words.ts';

/** A column of a timeline. */
export interface Lane {
  readonly kind: 'shard' | 'poller' | 'sandbox' | 'store';
  readonly title: string;
}

/** Where everything of a history is drawn. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  shard(stream: string, shard: string): number;
  poller(poller: string): number;
  sandbox(sandbox: string): number;
  readonly store: number;
  /** First and last event of each sandbox: outside them its column is empty, or another sandbox's. */
  readonly lives: ReadonlyMap<string, { readonly first: number; readonly last: number }>;
}

/** Gives every shard, every poller and DynamoDB a column; sandboxes share columns one after the other. */
export function lanesOf(trace: HistoryTrace): Lanes {
  const shards = new Map<string, Lane>();
  const pollers = new Map<string, Lane>();
  for (const event of trace.history) {
    for (const [stream, shard] of shardsOf(event)) {
      shards.set(placeOf(stream, shard), { kind: 'shard', title: `${stream} ${shardText(shard)}` });
    }
    if ('poller' in event && !(event.type === 'invocation-started' && isDirect(event))) {
      pollers.set(event.poller, { kind: 'poller', title: event.poller });
    }
  }
  const lives = livesOf(trace);
  const slots = slotsOf(lives);
  const slotCount = Math.max(0, ...[...slots.values()].map((slot) => slot + 1));
  const sandboxes = Array.from(
    { length: slotCount },
    (_, slot): Lane => ({
      kind: 'sandbox',
      title: `Sandbox ${slot + 1}`,
    }),
  );
  const firstPoller = shards.size;
  const firstSandbox = firstPoller + pollers.size;
  const indexIn = (names: Iterable<string>): ReadonlyMap<string, number> =>
    new Map([...names].map((name, index) => [name, index]));
  const shardIndex = indexIn(shards.keys());
  const pollerIndex = indexIn(pollers.keys());
  return {
    lanes: [...shards.values(), ...pollers.values(), ...sandboxes, { kind: 'store', title: 'DynamoDB' }],
    shard: (stream, shard) => shardIndex.get(placeOf(stream, shard)) ?? 0,
    poller: (poller) => firstPoller + (pollerIndex.get(poller) ?? 0),
    sandbox: (sandbox) => firstSandbox + (slots.get(sandbox) ?? 0),
    store: firstSandbox + slotCount,
    lives,
  };
}

function placeOf(stream: string, shard: string): string {
  return `${stream}/${shard}`;
}

function shardsOf(event: HistoryEvent): readonly (readonly [string, string])[] {
  switch (event.type) {
    case 'record-put':
      return [[event.stream, event.shard]];
    case 'invocation-started':
      return isDirect(event) ? [] : [[streamOf(event.poller), event.shard]];
    default:
      return [];
  }
}

/** A sandbox is there from its first invocation until nothing is heard of it any more. */
function livesOf({ history, requests }: HistoryTrace): ReadonlyMap<string, { first: number; last: number }> {
  const lives = new Map<string, { first: number; last: number }>();
  for (const [index, event] of history.entries()) {
    const request = 'request' in event ? requests.get(event.request) : undefined;
    // A request that lands after its sandbox has died is an arrow without a sandbox.
    const sandbox =
      event.type === 'request-landed'
        ? undefined
        : 'sandbox' in event
          ? event.sandbox
          : request?.sent.sandbox;
    if (sandbox !== undefined) {
      lives.set(sandbox, { first: lives.get(sandbox)?.first ?? index, last: index });
    }
  }
  return lives;
}

function slotsOf(lives: Lanes['lives']): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const busyUntil: number[] = [];
  for (const [sandbox, { first, last }] of lives) {
    const free = busyUntil.findIndex((until) => until < first);
    const slot = free < 0 ? busyUntil.length : free;
    busyUntil[slot] = last;
    slots.set(sandbox, slot);
  }
  return slots;
}
