import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type NeededView, readImages, StreamViewError } from './read-images.ts';

const image = { id: { S: 'a' }, Value: { N: '100' } };
const inserted = { NewImage: image };
const modified = { OldImage: image, NewImage: image };
const removed = { OldImage: image };

type Stream = NonNullable<DynamoDBRecord['dynamodb']>;

function record(eventName: string | undefined, stream: Stream): DynamoDBRecord {
  return { eventID: 'e1', eventName: eventName as never, dynamodb: { Keys: { id: { S: 'a' } }, ...stream } };
}

const read = (eventName: string | undefined, stream: Stream, view: NeededView = 'NEW_AND_OLD_IMAGES') =>
  readImages([record(eventName, stream)], view)[0];

describe('readImages', () => {
  it.each<[string, Stream]>([
    ['INSERT', inserted],
    ['MODIFY', modified],
    ['REMOVE', removed],
  ])('reads an %s whose images agree with its name, with or without the name of the view', (name, stream) => {
    for (const given of [stream, { ...stream, StreamViewType: 'NEW_AND_OLD_IMAGES' as const }]) {
      expect(read(name, given)).toEqual({
        record: record(name, given),
        eventName: name,
        oldImage: stream.OldImage,
        newImage: stream.NewImage,
      });
    }
  });

  it('takes an image without attributes for none, as some emulators write it', () => {
    expect(read('INSERT', { ...inserted, OldImage: {} })?.oldImage).toBeUndefined();
    expect(read('REMOVE', { ...removed, NewImage: {} })?.newImage).toBeUndefined();
    expect(() => read('MODIFY', { ...modified, OldImage: {} })).toThrow('no old image');
    expect(read('INSERT', { ...inserted, OldImage: null } as never)?.oldImage).toBeUndefined();
  });

  it.each<[string, string | undefined, Stream]>([
    ['an INSERT of keys only', 'INSERT', { StreamViewType: 'KEYS_ONLY' }],
    ['an INSERT of keys only whose view is not named', 'INSERT', {}],
    ['a MODIFY of keys only whose view is not named', 'MODIFY', {}],
    ['a REMOVE of keys only whose view is not named', 'REMOVE', {}],
    [
      'an INSERT of new images, which alone would be right',
      'INSERT',
      { ...inserted, StreamViewType: 'NEW_IMAGE' },
    ],
    ['a MODIFY of new images', 'MODIFY', { ...inserted, StreamViewType: 'NEW_IMAGE' }],
    ['a MODIFY of new images whose view is not named', 'MODIFY', inserted],
    ['a MODIFY of old images', 'MODIFY', { ...removed, StreamViewType: 'OLD_IMAGE' }],
    ['a MODIFY of old images whose view is not named', 'MODIFY', removed],
    [
      'a REMOVE of old images, which alone would be right',
      'REMOVE',
      { ...removed, StreamViewType: 'OLD_IMAGE' },
    ],
    ['a view that it does not know', 'INSERT', { ...inserted, StreamViewType: 'ALL' as never }],
    ['an INSERT with an old image', 'INSERT', modified],
    ['an INSERT without a new image', 'INSERT', removed],
    ['a REMOVE with a new image', 'REMOVE', modified],
    ['a REMOVE without an old image', 'REMOVE', { StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['a MODIFY without an old image', 'MODIFY', { ...inserted, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['a kind of change that it does not know', 'UPSERT', modified],
    ['a kind of change that is a property of every object', 'constructor', modified],
    ['no kind of change', undefined, modified],
    ['an image of another item', 'INSERT', { NewImage: { id: { S: 'b' } } }],
  ])('refuses %s where both images are needed', (_, eventName, stream) => {
    expect(() => read(eventName, stream)).toThrow(StreamViewError);
    expect(() => read(eventName, stream)).toThrow(
      expect.objectContaining({ name: 'StreamViewError', code: 'wrong-stream-view', index: 0 }),
    );
  });

  it.each<[string, Stream]>([
    ['INSERT', { ...inserted, StreamViewType: 'NEW_IMAGE' }],
    ['MODIFY', { ...inserted, StreamViewType: 'NEW_IMAGE' }],
    ['REMOVE', { StreamViewType: 'NEW_IMAGE' }],
    ['INSERT', { ...inserted, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['MODIFY', { ...modified, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['REMOVE', { ...removed, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['MODIFY', inserted],
    ['MODIFY', modified],
    ['REMOVE', {}],
  ])('reads an %s of %j where only the new image is needed', (eventName, stream) => {
    expect(read(eventName, stream, 'NEW_IMAGE')?.newImage).toEqual(stream.NewImage);
  });

  it.each<[string, Stream]>([
    ['INSERT', { StreamViewType: 'KEYS_ONLY' }],
    ['INSERT', { StreamViewType: 'OLD_IMAGE' }],
    ['REMOVE', { ...removed, StreamViewType: 'OLD_IMAGE' }],
    ['INSERT', {}],
    ['MODIFY', { ...modified, StreamViewType: 'NEW_IMAGE' }],
    ['MODIFY', { ...inserted, StreamViewType: 'NEW_AND_OLD_IMAGES' }],
    ['REMOVE', inserted],
  ])('refuses an %s of %j where the new image is needed', (eventName, stream) => {
    expect(() => read(eventName, stream, 'NEW_IMAGE')).toThrow(StreamViewError);
  });

  it('names the record, the event, the view and the remedy, and nothing of the content', () => {
    const bad = record('MODIFY', { ...inserted, StreamViewType: 'NEW_IMAGE' });
    const message = messageOf(() => readImages([record('INSERT', inserted), bad], 'NEW_AND_OLD_IMAGES'));
    expect(message).toMatch(/^Records\[1\]: MODIFY of a stream with StreamViewType NEW_IMAGE /);
    expect(message).toContain('a stream with StreamViewType NEW_AND_OLD_IMAGES');
    expect(messageOf(() => read('a value of a customer', inserted))).not.toContain('customer');
  });

  it.each<[string, unknown, object, NeededView?]>([
    ['is no known kind of change (eventName must be INSERT, MODIFY or REMOVE)', 'UPSERT', modified],
    [
      'does not bring the images that this function needs',
      'MODIFY',
      { ...inserted, StreamViewType: 'NEW_IMAGE' },
    ],
    ['has no new image', 'INSERT', {}],
    ['has a new image', 'REMOVE', modified],
    ['has no old image', 'MODIFY', inserted],
    ['has an old image', 'INSERT', modified],
    ['has an old image', 'MODIFY', { ...modified, StreamViewType: 'NEW_IMAGE' }, 'NEW_IMAGE'],
    ['has an image of another item', 'REMOVE', { OldImage: { id: { S: 'b' } } }],
    ['has an image of another item', 'INSERT', { NewImage: { Value: { N: '100' } } }],
  ])('says of a record that it %s', (problem, eventName, stream, view) => {
    expect(messageOf(() => read(eventName as never, stream, view))).toContain(
      `${problem}. Nothing of the batch`,
    );
  });

  it.each<[unknown, unknown, string]>([
    [undefined, undefined, '(absent) of a stream with StreamViewType (absent) '],
    ['UPSERT', 'ALL', 'UPSERT of a stream with StreamViewType ALL '],
    ['an address', '1 rue', '(unknown) of a stream with StreamViewType (unknown) '],
    ['x'.repeat(33), ['SECRET'], '(unknown) of a stream with StreamViewType (unknown) '],
    [null, 7, '(unknown) of a stream with StreamViewType (unknown) '],
  ])('repeats of the names %j and %j only what may be one of DynamoDB', (eventName, StreamViewType, what) => {
    const message = messageOf(() => read(eventName as never, { ...inserted, StreamViewType } as never));
    expect(message).toContain(`Records[0]: ${what}`);
  });

  it('reads a record without a change as one without images', () => {
    expect(readImages([{ eventName: 'REMOVE' }], 'NEW_IMAGE')).toEqual([
      { record: { eventName: 'REMOVE' }, eventName: 'REMOVE', oldImage: undefined, newImage: undefined },
    ]);
    expect(messageOf(() => readImages([{ eventName: 'INSERT' }], 'NEW_IMAGE'))).toContain('has no new image');
  });

  it('compares no numbers of keys, which may be spelt in several ways', () => {
    const numbered = { Keys: { id: { N: '1' } }, NewImage: { id: { N: '1.0' } } };
    expect(read('INSERT', numbered)?.newImage).toEqual({ id: { N: '1.0' } });
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}
