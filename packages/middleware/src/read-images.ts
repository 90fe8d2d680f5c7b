import type { DynamoDbRecord } from './record-identity.ts';

/** What is read of a record of a table's stream to tell its images. */
export interface ImagesRecord extends DynamoDbRecord {
  readonly dynamodb?:
    | (NonNullable<DynamoDbRecord['dynamodb']> & {
        readonly Keys?: TextImage | undefined;
        readonly OldImage?: TextImage | undefined;
        readonly NewImage?: TextImage | undefined;
        readonly StreamViewType?: string | undefined;
      })
    | undefined;
}

/** An image, as far as it is looked into. */
type TextImage = Readonly<Record<string, { readonly S?: string | undefined }>>;

/** The type of a record's images. */
export type ImageOf<StreamRecord extends ImagesRecord> = NonNullable<
  NonNullable<StreamRecord['dynamodb']>['NewImage']
>;

/** A record of a table's stream as the change of an item, with the images that were asked for. */
export interface Change<StreamRecord extends ImagesRecord = ImagesRecord> {
  readonly record: StreamRecord;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly oldImage: ImageOf<StreamRecord> | undefined;
  readonly newImage: ImageOf<StreamRecord> | undefined;
}

/** What a stream must show of each change. */
export type NeededView = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE';

/** A record of a table's stream does not bring the images that the function needs; every record of that stream will not. */
export class StreamViewError extends Error {
  override readonly name = 'StreamViewError';
  readonly code = 'wrong-stream-view';
  /** Index of the record in the event, from 0. */
  readonly index: number;

  /** @param problem - what the record is and what is wrong with it; never its content */
  constructor(index: number, problem: string, neededView: NeededView) {
    super(
      `Records[${index}]: ${problem}. Nothing of the batch was committed. Give the table a stream with ` +
        `StreamViewType ${neededView} and map this function to that stream.`,
    );
    this.index = index;
  }
}

const SUFFICIENT_VIEWS: Readonly<Record<NeededView, readonly string[]>> = {
  NEW_AND_OLD_IMAGES: ['NEW_AND_OLD_IMAGES'],
  NEW_IMAGE: ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES'],
};

/** Which images each kind of change has, where the stream's view shows them. */
const IMAGES: Readonly<Record<Change['eventName'], { readonly old: boolean; readonly new: boolean }>> = {
  INSERT: { old: false, new: true },
  MODIFY: { old: true, new: true },
  REMOVE: { old: true, new: false },
};

/**
 * Reads what records of a table's stream say about changes, and refuses them where they do not say all that is needed.
 *
 * A change without its images looks like another one: without the old image a change looks like an insert, and would be
 * added whole. So the name of the event, the images and the view of the stream must agree. An image without attributes
 * is absent: no item is empty, but some emulators write `{}` for none.
 *
 * @param records - of a DynamoDB stream event, in its order
 * @param neededView - `NEW_AND_OLD_IMAGES` for what retracts the old image and adds the new one; `NEW_IMAGE` for what counts inserts
 * @returns the changes, in the order of the records
 * @throws {@link StreamViewError} when one of them lacks an image, has one that it cannot have, or is of an unknown kind
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
 *
 * @example
 * ```ts
 * import { readImages } from '@oncefold/middleware';
 *
 * const [change] = readImages(
 *   [{ eventName: 'REMOVE' as const, dynamodb: { OldImage: { Region: { S: 'eu' } } } }],
 *   'NEW_AND_OLD_IMAGES',
 * );
 * change?.oldImage; // { Region: { S: 'eu' } }
 * ```
 */
export function readImages<StreamRecord extends ImagesRecord>(
  records: readonly StreamRecord[],
  neededView: NeededView,
): readonly Change<StreamRecord>[] {
  return records.map((record, index) => readImagesOf(record, index, neededView));
}

/** Reads the images of one record; see {@link readImages}. */
export function readImagesOf<StreamRecord extends ImagesRecord>(
  record: StreamRecord,
  index: number,
  neededView: NeededView,
): Change<StreamRecord> {
  const { eventName, dynamodb } = record;
  const view = dynamodb?.StreamViewType;
  if (eventName === undefined || !Object.hasOwn(IMAGES, eventName)) {
    const problem = 'is no known kind of change (eventName must be INSERT, MODIFY or REMOVE)';
    throw refuse(record, index, { neededView, problem });
  }
  if (view !== undefined && !SUFFICIENT_VIEWS[neededView].includes(view)) {
    throw refuse(record, index, {
      neededView,
      problem: 'does not bring the images that this function needs',
    });
  }
  const change: Change<StreamRecord> = {
    record,
    eventName,
    oldImage: presentImage(dynamodb?.OldImage) as ImageOf<StreamRecord> | undefined,
    newImage: presentImage(dynamodb?.NewImage) as ImageOf<StreamRecord> | undefined,
  };
  const problem = problemOf(change, view, neededView);
  if (problem !== undefined) {
    throw refuse(record, index, { neededView, problem });
  }
  return change;
}

function refuse(
  { eventName, dynamodb }: ImagesRecord,
  index: number,
  { neededView, problem }: { readonly neededView: NeededView; readonly problem: string },
): StreamViewError {
  const what = `${nameForMessage(eventName)} of a stream with StreamViewType ${nameForMessage(dynamodb?.StreamViewType)}`;
  return new StreamViewError(index, `${what} ${problem}`, neededView);
}

/** Says what is wrong with the images; a view that is not named may show more than is needed. */
function problemOf(change: Change, view: string | undefined, neededView: NeededView): string | undefined {
  const { record, oldImage, newImage } = change;
  // Only emulators bring none.
  const keys = record.dynamodb?.Keys ?? {};
  const has = IMAGES[change.eventName];
  const mustHaveOld = has.old && (view ?? neededView) === 'NEW_AND_OLD_IMAGES';
  const mayHaveOld = has.old && view !== 'NEW_IMAGE';
  if (has.new && newImage === undefined) {
    return 'has no new image';
  }
  if (!has.new && newImage !== undefined) {
    return 'has a new image';
  }
  if (mustHaveOld && oldImage === undefined) {
    return 'has no old image';
  }
  if (!mayHaveOld && oldImage !== undefined) {
    return 'has an old image';
  }
  return isOfItem(oldImage, keys) && isOfItem(newImage, keys) ? undefined : 'has an image of another item';
}

function presentImage(image: TextImage | null | undefined): TextImage | undefined {
  // Of an object as large as an image, this is a third of the time of making the list of its names.
  for (const _name in image) {
    return image;
  }
  return undefined;
}

/** Only text is compared: numbers may be spelt in several ways. */
function isOfItem(image: TextImage | undefined, keys: TextImage): boolean {
  return image === undefined || Object.keys(keys).every((name) => image[name]?.S === keys[name]?.S);
}

/** Names come from the event: only those that could be one of DynamoDB's are repeated in a message. */
function nameForMessage(name: unknown): string {
  if (name === undefined) {
    return '(absent)';
  }
  return typeof name === 'string' && /^[A-Za-z_]{1,32}$/.test(name) ? name : '(unknown)';
}
