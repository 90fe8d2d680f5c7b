import { type ImagesRecord, readImagesOf } from '../read-images.ts';

/**
 * A change of a table as the event has it, but an image that is read and that the stream does not show is refused by name: without its old
 * image, a change would be taken for an insert.
 *
 * @param index - of the record in the event, from 0
 */
export function checkedChange(record: ImagesRecord, index: number): ImagesRecord['dynamodb'] {
  const { dynamodb = {} } = record;
  return Object.defineProperties(
    { ...dynamodb },
    {
      // One that the event has stays enumerable; one that it lacks is not.
      OldImage: { get: () => readImagesOf(record, index, 'NEW_AND_OLD_IMAGES').oldImage },
      NewImage: { get: () => readImagesOf(record, index, 'NEW_IMAGE').newImage },
    },
  );
}
