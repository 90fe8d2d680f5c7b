import type { ServerResponse } from 'node:http';
import { heartbeat, serverSentEvent, streamPreamble } from './server-sent-event.ts';

/** Pages that are open at a time. */
export const CLIENTS_MAX = 8;
/** A page that has not taken what was written to it for so many updates is cut off. */
export const UPDATES_MISSED_MAX = 20;
/** So many turns without news are followed by a heartbeat. */
const QUIET_TURNS_MAX = 30;

/** The connection of one page. */
interface Client {
  readonly response: ServerResponse;
  updatesMissed: number;
  /** It has not got the last state, and gets it whole. */
  isBehind: boolean;
}

/** Something that is shown: whole for who is new, and what has changed for who has the last one. */
export interface Update {
  readonly whole: unknown;
  /** Absent when nothing has changed. */
  readonly changed?: unknown;
}

/**
 * Sends what is shown to all pages that are open.
 *
 * A page that is slow misses updates, and then gets the whole; nothing is kept for it. One that takes nothing is cut off: its
 * browser connects again when it can.
 */
export class PageClients {
  readonly #clients = new Set<Client>();
  #quietTurns = 0;

  get count(): number {
    return this.#clients.size;
  }

  /**
   * Takes a page in.
   *
   * @returns false when there are too many
   */
  add(response: ServerResponse): boolean {
    if (this.#clients.size >= CLIENTS_MAX) {
      return false;
    }
    const client: Client = { response, updatesMissed: 0, isBehind: true };
    this.#clients.add(client);
    response.once('close', () => this.#clients.delete(client));
    response.on('error', () => this.#cutOff(client));
    response.write(streamPreamble);
    return true;
  }

  /** Sends an update to every page that takes it; to be called a few times a second. */
  send({ whole, changed }: Update): void {
    const isQuiet = changed === undefined && this.#quietTurns < QUIET_TURNS_MAX;
    this.#quietTurns = isQuiet ? this.#quietTurns + 1 : 0;
    for (const client of this.#clients) {
      if (client.response.writableNeedDrain) {
        this.#miss(client);
        continue;
      }
      client.updatesMissed = 0;
      if (client.isBehind) {
        client.isBehind = false;
        client.response.write(serverSentEvent('update', whole));
      } else if (changed !== undefined) {
        client.response.write(serverSentEvent('update', changed));
      } else if (!isQuiet) {
        client.response.write(heartbeat);
      }
    }
  }

  /** Tells every page that nothing follows, and ends its connection. */
  end(last: unknown): void {
    for (const { response, isBehind } of this.#clients) {
      if (!response.writableNeedDrain && !isBehind) {
        response.write(serverSentEvent('update', last));
      }
      response.end(serverSentEvent('ended', {}));
    }
  }

  #miss(client: Client): void {
    client.isBehind = true;
    client.updatesMissed += 1;
    if (client.updatesMissed > UPDATES_MISSED_MAX) {
      this.#cutOff(client);
    }
  }

  #cutOff(client: Client): void {
    this.#clients.delete(client);
    client.response.destroy();
  }
}
