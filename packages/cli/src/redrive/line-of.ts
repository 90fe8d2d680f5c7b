import { wayOf } from '@oncefold/operations/redrive';
import type { Entry } from './list-open.ts';

/** A line about an entry, as it is shown and as programs get it. */
export interface Line {
  readonly id: string;
  readonly kind: Entry['kind'];
  readonly when: string;
  readonly stage: string;
  readonly records: number;
  readonly why: string;
  readonly way: string;
  /** Key of the object, or identity of the record. */
  readonly name: string;
}

/** Says in one line what an entry is; nothing of its content. */
export function lineOf(entry: Entry): Line {
  const { id, kind } = entry;
  switch (entry.kind) {
    case 'batch': {
      const { batch } = entry;
      const stage = batch.functionArn.split(':')[6] ?? batch.functionArn;
      const why =
        batch.functionError === undefined ? batch.condition : `${batch.condition} (${batch.functionError})`;
      return {
        id,
        kind,
        when: batch.givenUpAt,
        stage,
        records: batch.records.length,
        why,
        way: `by its ${wayOf(batch)}`,
        name: batch.key,
      };
    }
    case 'quarantined': {
      const { record } = entry;
      const why = [record.reason, record.detail].filter((text) => text !== '').join(' ');
      const way = entry.isOfStream ? 'by its stream' : 'not: correct the item';
      return { id, kind, when: '', stage: record.consumer, records: 1, why, way, name: record.source };
    }
    case 'unreadable':
      return {
        id,
        kind,
        when: '',
        stage: '',
        records: 0,
        why: entry.reason,
        way: 'not: unreadable',
        name: entry.key,
      };
  }
}
