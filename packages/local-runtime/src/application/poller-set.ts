import type { QueueDriver } from '../queues/queue-driver.ts';
import { addBacklogs, type Backlog } from '../streams/backlog.ts';
import type { MappingDriver } from '../streams/mapping-driver.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';

/** What feeds a function from a stream or a queue. */
export type Poller = Omit<MappingDriver, 'checkpoints'> & Partial<Pick<QueueDriver, 'drainedAtMs'>>;

/** Whatever is written may become visible only some time afterwards. */
const VISIBILITY_DELAY_MS = 300;
/** After these, something may have been written. */
const ACTIVITY: ReadonlySet<MappingEvent['type']> = new Set([
  'invocation-succeeded',
  'invocation-failed',
  'destination-document',
]);

/** The pollers of an application together: what one of them makes may be what another one reads. */
export class PollerSet {
  readonly #pollers: { readonly functionId: string; readonly poller: Poller }[] = [];
  #lastActivityAtMs = 0;

  add(functionId: string, poller: Poller): void {
    this.#pollers.push({ functionId, poller });
  }

  /** Takes each event of the pollers. */
  note({ type }: MappingEvent): void {
    if (ACTIVITY.has(type)) {
      this.#lastActivityAtMs = Date.now();
    }
  }

  isIdle(readAfterMs: number): boolean {
    return this.#areAll((poller, afterMs) => poller.isIdle(afterMs), readAfterMs);
  }

  isAtRest(readAfterMs: number): boolean {
    return this.#areAll((poller, afterMs) => poller.isAtRest(afterMs), readAfterMs);
  }

  hasOpenBatches(): boolean {
    return this.#pollers.some(({ poller }) => poller.hasOpenBatches());
  }

  backlog(functionId: string): Backlog {
    const own = this.#pollers.filter((each) => each.functionId === functionId);
    return addBacklogs(own.map(({ poller }) => poller.backlog()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pollers.map(({ poller }) => poller.stop()));
  }

  /** Asks all of them, even if one says no: a queue looks only when it is asked. */
  #areAll(isQuiet: (poller: Poller, afterMs: number) => boolean, readAfterMs: number): boolean {
    const afterMs = this.#visibleAfter(readAfterMs);
    return this.#pollers.map(({ poller }) => isQuiet(poller, afterMs)).every(Boolean);
  }

  /** A read that begins later sees everything that was written before, by functions and by queues to their dead-letter queues. */
  #visibleAfter(readAfterMs: number): number {
    const drained = this.#pollers.map(({ poller }) => poller.drainedAtMs?.() ?? 0);
    return Math.max(readAfterMs, this.#lastActivityAtMs, ...drained) + VISIBILITY_DELAY_MS;
  }
}
