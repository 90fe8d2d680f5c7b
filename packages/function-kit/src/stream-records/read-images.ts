import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';

export type Image = Readonly<Record<string, AttributeValue>>;

/** A record of a table's stream as the change of an item, with the images that the function asked for. */
export interface Change {
  readonly record: DynamoDBRecord;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly oldImage: Image | undefined;
  readonly newImage: Image | undefined;
}

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
 * @throws {@link StreamViewError} when one of them lacks an image, has one that it cannot have, or is of an unknown kind
 */
export function readImages(records: readonly DynamoDBRecord[], neededView: NeededView): readonly Change[] {
  return records.map((record, index) => {
    const { eventName, dynamodb } = record;
    const view = dynamodb?.StreamViewType;
    const what = `${nameForMessage(eventName)} of a stream with StreamViewType ${nameForMessage(view)}`;
    const refuse = (problem: string): StreamViewError =>
      new StreamViewError(index, `${what} ${problem}`, neededView);

    if (eventName === undefined || !Object.hasOwn(IMAGES, eventName)) {
      throw refuse('is no known kind of change');
    }
    if (view !== undefined && !SUFFICIENT_VIEWS[neededView].includes(view)) {
      throw refuse('does not bring the images that this function needs');
    }
    const change: Change = {
      record,
      eventName,
      oldImage: presentImage(dynamodb?.OldImage),
      newImage: presentImage(dynamodb?.NewImage),
    };
    const problem = problemOf(change, view, neededView);
    if (problem !== undefined) {
      throw refuse(problem);
    }
    return change;
  });
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

function presentImage(image: Image | null | undefined): Image | undefined {
  return image === null || image === undefined || Object.keys(image).length === 0 ? undefined : image;
}

/** Only text is compared: numbers may be spelt in several ways. */
function isOfItem(image: Image | undefined, keys: Image): boolean {
  return Object.entries(keys).every(
    ([name, value]) => image === undefined || value.S === undefined || image[name]?.S === value.S,
  );
}

/** Names come from the event: only those that could be one of DynamoDB's are repeated in a message. */
function nameForMessage(name: unknown): string {
  if (name === undefined) {
    return '(absent)';
  }
  return typeof name === 'string' && /^[A-Za-z_]{1,32}$/.test(name) ? name : '(unknown)';
}
