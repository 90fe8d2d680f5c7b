import { addBacklogs, type Backlog } from '../streams/backlog.ts';
import type { MappingDriver } from '../streams/mapping-driver.ts';
import type { MappingEvent } from '../streams/mapping-event.ts';

/** What feeds a function from a stream or a queue. */
export type Poller = Omit<MappingDriver, 'checkpoints'>;

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
    return this.#pollers.every(({ poller }) => poller.isIdle(this.#visibleAfter(readAfterMs)));
  }

  isAtRest(readAfterMs: number): boolean {
    return this.#pollers.every(({ poller }) => poller.isAtRest(this.#visibleAfter(readAfterMs)));
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

  /** A read that begins later sees everything that was written before, and by functions. */
  #visibleAfter(readAfterMs: number): number {
    return Math.max(readAfterMs, this.#lastActivityAtMs) + VISIBILITY_DELAY_MS;
  }
}
