import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { commandRequest, createStore, type ItemChange, type SimulatedStore } from '@oncefold/simulator';
import type { TableAccess } from '../../src/tables/index.ts';

/** What goes wrong with one send of a request. */
export type Fault = 'request-lost' | 'reply-lost' | 'cut-off' | 'in-part';

/** A simulated store behind a client of which requests and answers get lost. */
export interface StoreAccess extends TableAccess {
  readonly store: SimulatedStore;
  /** Commands in the order in which they were sent. */
  readonly sent: readonly unknown[];
  readonly changes: readonly ItemChange[];
  /** Milliseconds that were slept. */
  readonly slept: () => number;
}

const TABLES = [
  { name: 'StateTable', key: ['id'] },
  { name: 'ReduceTable', key: ['MessageId'] },
  { name: 'AggregateTable', key: ['Identifier'] },
  { name: 'LedgerTable', key: ['Marker'] },
  { name: 'RecountTable', key: ['Identifier'] },
] as const;

/**
 * Makes a store with its client, on a clock that only sleeps move.
 *
 * @param options.faults - of the sends, in their order; after the last one nothing fails
 * @param options.onSent - called after each send, for what other programs do then
 */
export function accessStore({
  faults = [],
  onSent = () => {},
}: {
  readonly faults?: readonly (Fault | undefined)[];
  readonly onSent?: (send: number, store: SimulatedStore) => void;
} = {}): StoreAccess {
  const changes: ItemChange[] = [];
  const sent: unknown[] = [];
  let nowMs = Date.UTC(2026, 0, 1);
  const startMs = nowMs;
  const store = createStore({ tables: TABLES, now: () => nowMs, onChange: (change) => changes.push(change) });
  const send = async (command: unknown): Promise<unknown> => {
    const fault = faults[sent.length];
    sent.push(command);
    const request = commandRequest(store, command);
    try {
      if (fault === 'request-lost') {
        return request.failures.timeout();
      }
      const throttle =
        fault === 'in-part' && request.members > 1 ? (index: number) => index % 2 === 0 : undefined;
      const answer = request.begin(throttle).finish();
      if (fault === 'reply-lost') {
        return request.failures.serverError();
      }
      return fault === 'cut-off' ? { $metadata: {} } : answer;
    } finally {
      onSent(sent.length, store);
    }
  };
  return {
    store,
    sent,
    changes,
    slept: () => nowMs - startMs,
    client: { send: send as never },
    clock: {
      now: () => nowMs,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        nowMs += milliseconds;
      },
    },
  };
}

/** Writes items past all requests. */
export function putItems(
  { store }: Pick<StoreAccess, 'store'>,
  TableName: string,
  items: readonly Readonly<Record<string, { readonly S: string } | { readonly N: string }>>[],
): void {
  for (const Item of items) {
    commandRequest(store, new PutItemCommand({ TableName, Item })).begin().finish();
  }
}
