import type { SourceRecord } from '@oncefold/event-source-mapping';
import { textOf } from '../history/observe-tables.ts';
import type { AttributeMap, ItemChange } from '../store/store.ts';

/** A change of an item: its name, what it is now in words, and its record in the table's stream. */
export interface ChangeRecord {
  readonly item: string;
  readonly text: string;
  readonly create: (sequenceNumber: string) => SourceRecord;
}

/** Says what a change is, and makes its record as DynamoDB Streams does. */
export function changeRecord(
  { table, key, oldImage, newImage, isExpiry }: ItemChange,
  nowMs: number,
): ChangeRecord {
  const view = table.stream ?? 'KEYS_ONLY';
  const hasNew = view === 'NEW_AND_OLD_IMAGES' || view === 'NEW_IMAGE';
  const hasOld = view === 'NEW_AND_OLD_IMAGES' || view === 'OLD_IMAGE';
  return {
    item: Object.values(key).map(textOf).join(' / '),
    get text() {
      return newImage === undefined ? 'deleted' : describe(key, newImage);
    },
    create: (sequenceNumber) => ({
      // A counter, so that two tables have the same ids: only with its stream an id names a record.
      eventID: `event-${sequenceNumber}`,
      eventName: oldImage === undefined ? 'INSERT' : newImage === undefined ? 'REMOVE' : 'MODIFY',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(nowMs / 1000),
        Keys: key,
        ...(hasNew && newImage !== undefined && { NewImage: newImage }),
        ...(hasOld && oldImage !== undefined && { OldImage: oldImage }),
        SequenceNumber: sequenceNumber,
        StreamViewType: view,
      },
      ...(isExpiry && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    }),
  };
}

/** All of it: a timeline reads positions and sums from it, which are longer than a line. */
function describe(key: AttributeMap, image: AttributeMap): string {
  return Object.entries(image)
    .filter(([name]) => !(name in key))
    .map(([name, value]) => `${name} ${textOf(value)}`)
    .join(', ');
}
