import type { EventText } from './source-record.ts';

/** A record that was read and not yet invoked with. */
export interface BufferedRecord extends EventText {
  /** Counts the records of a shard as they were read; says which of two lanes holds the older record. */
  readonly order: number;
  /** The position before this record: undefined where nothing of the shard was read before. */
  readonly previous: string | undefined;
  /** When it was read, in milliseconds since the epoch: the batching window counts from here. */
  readonly readMs: number;
}

/** First in, first out, without moving what stays; keeps count of the bytes. */
export class RecordQueue {
  #records: BufferedRecord[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#records.length - this.#head;
  }

  /** Bytes of the waiting records' texts. */
  get bytes(): number {
    return this.#bytes;
  }

  push(record: BufferedRecord): void {
    this.#records.push(record);
    this.#bytes += record.bytes;
  }

  /** The record at this place from the front, or undefined beyond the end. */
  at(index: number): BufferedRecord | undefined {
    return this.#records[this.#head + index];
  }

  /** Removes and returns the first `count` records. */
  take(count: number): BufferedRecord[] {
    const taken = this.#records.slice(this.#head, this.#head + count);
    for (const record of taken) {
      this.#bytes -= record.bytes;
    }
    this.#head += taken.length;
    // The taken places are given back once they are the larger part, so that each record moves at most once.
    if (this.#head * 2 >= this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}
