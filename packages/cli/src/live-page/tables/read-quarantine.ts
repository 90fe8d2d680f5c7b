import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { shortId } from '@oncefold/operations/redrive';
import { scanTable, systemOperationsClock } from '@oncefold/operations/tables';
import type { QuarantinedView, TablesView } from '../content/page-view.ts';

/** Items that one look reads at most; a record may have several. */
const ITEMS_MAX = 2_000;
const SHOWN_MAX = 20;

/**
 * Makes the reader of the newest quarantined records that were not redriven, without their payloads.
 *
 * The table does not say when a record came; what an earlier look has not seen is newer. A look ends after the page with the
 * 2,000th item: then there may be more, and newer ones.
 */
export function createQuarantineReader(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly signal: AbortSignal;
  readonly now: () => number;
}): () => Promise<TablesView['quarantined']> {
  let known: ReadonlyMap<string, QuarantinedView> = new Map();
  const { client, table, signal } = options;
  const access = { client, clock: systemOperationsClock, signal };
  const attributes = ['Source', 'Part', 'Consumer', 'Reason', 'Detail', 'RecordId', 'Bytes', 'RedrivenAt'];
  return async () => {
    const seenAt = options.now();
    const found = new Map<string, QuarantinedView>();
    let items = 0;
    for await (const page of scanTable(access, { table, attributes })) {
      for (const { Source, Part, Consumer, Reason, Detail, RecordId, Bytes, RedrivenAt } of page) {
        if (Part?.N === '0' && RedrivenAt === undefined) {
          const source = Source?.S ?? '';
          found.set(source, {
            seenAt: known.get(source)?.seenAt ?? seenAt,
            id: shortId('q', source),
            consumer: Consumer?.S ?? '',
            reason: Reason?.S ?? '',
            detail: Detail?.S ?? '',
            recordId: RecordId?.S ?? '',
            bytes: Bytes?.N ?? '',
          });
        }
      }
      items += page.length;
      if (items >= ITEMS_MAX) {
        break;
      }
    }
    known = found;
    const newest = [...found.values()].toSorted((a, b) => b.seenAt - a.seenAt).slice(0, SHOWN_MAX);
    return { count: found.size, isMore: items >= ITEMS_MAX, newest };
  };
}
