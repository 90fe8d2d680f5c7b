import type { History, HistoryEvent } from '../../src/index.ts';

type Body<Event = HistoryEvent> = Event extends unknown ? Omit<Event, 'at'> : never;

const SHARD = 'shardId-000000000000';
const POLLER = 'poller-1 of Orders';

/** Writes histories of one stream and one function down, step by step, for tests of what is told of them. */
export interface HistoryBuilder {
  readonly history: History;
  at(milliseconds: number): HistoryBuilder;
  event(event: Body): HistoryBuilder;
  put(label: string, sequenceNumber: string): HistoryBuilder;
  invoke(invocation: number, sandbox: string, records: readonly string[]): HistoryBuilder;
  end(
    invocation: number,
    sandbox: string,
    result?: 'succeeded' | 'failed' | 'timed-out' | 'crashed',
  ): HistoryBuilder;
  send(
    request: number,
    sandbox: string,
    options?: { items?: readonly string[]; token?: string },
  ): HistoryBuilder;
  change(table: string, item: string, text: string): HistoryBuilder;
  land(request: number, outcome?: string): HistoryBuilder;
  reply(request: number, outcome?: string): HistoryBuilder;
  fault(fault: string, target: string): HistoryBuilder;
  checkpoint(sequenceNumber: string): HistoryBuilder;
}

/** Begins a history. */
export function buildHistory(): HistoryBuilder {
  const events: HistoryEvent[] = [];
  let now = 0;
  const builder: HistoryBuilder = {
    history: events,
    at: (milliseconds) => {
      now = milliseconds;
      return builder;
    },
    event: (event) => {
      events.push({ at: now, ...event } as HistoryEvent);
      return builder;
    },
    put: (label, sequenceNumber) =>
      builder.event({ type: 'record-put', stream: 'Orders', shard: SHARD, sequenceNumber, label }),
    invoke: (invocation, sandbox, records) =>
      builder.event({
        type: 'invocation-started',
        invocation,
        function: 'totals',
        sandbox,
        isCold: true,
        poller: POLLER,
        shard: SHARD,
        records,
        attempt: 1,
        isRedelivery: false,
      }),
    end: (invocation, sandbox, result = 'succeeded') =>
      builder.event({ type: 'invocation-ended', invocation, sandbox, result, error: '' }),
    send: (request, sandbox, { items = ['Aggregates/leaf-0'], token } = {}) =>
      builder.event({
        type: 'request-sent',
        request,
        sandbox,
        summary: `TransactWriteItems, 1 action${token === undefined ? '' : `, token ${token}`}`,
        items,
      }),
    change: (table, item, text) => builder.event({ type: 'item-changed', table, item, text }),
    land: (request, outcome = 'committed') => builder.event({ type: 'request-landed', request, outcome }),
    reply: (request, outcome = 'committed') => builder.event({ type: 'reply-received', request, outcome }),
    fault: (fault, target) => builder.event({ type: 'fault', fault: fault as never, target }),
    checkpoint: (sequenceNumber) =>
      builder.event({ type: 'checkpoint-moved', poller: POLLER, shard: SHARD, sequenceNumber }),
  };
  return builder;
}
