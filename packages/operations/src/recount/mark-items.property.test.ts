/**
 * Goal: a recount knows exactly how many changes its marks have made, whatever becomes of requests and answers. Method: items with any
 * marks, faults at any sends, and another program that removes, notes or replaces items between two sends; the changes are counted
 * where they are made.
 */

import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { commandRequest, type ItemChange, type SimulatedStore } from '@oncefold/simulator';
import { type RecountMark, recountAttributes, recountMarkOf } from '@oncefold/trades';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessStore, type Fault, putItems } from '../../test/support/store-access.ts';
import { markItems } from './mark-items.ts';

const mark = { number: 7, wave: 3 };
const target = { table: 'StateTable', mark };

const anyMark = fc.constantFrom<RecountMark | undefined>(
  undefined,
  { number: 6, wave: 3 },
  { number: 7 },
  { number: 7, wave: 2 },
);
const anyFault = fc.constantFrom<Fault | undefined>(
  undefined,
  'request-lost',
  'reply-lost',
  'cut-off',
  'in-part',
);
const anyMeddling = fc.record({
  send: fc.integer({ min: 0, max: 4 }),
  item: fc.nat({ max: 3 }),
  what: fc.constantFrom('remove', 'note', 'replace'),
});
type Meddling = typeof anyMeddling extends fc.Arbitrary<infer Value> ? Value : never;

describe('markItems', () => {
  it('counts as many marks as there are changes, or says that it cannot know', async () => {
    const met = new Set<string>();
    const property = fc.asyncProperty(
      fc.array(anyMark, { minLength: 1, maxLength: 4 }),
      fc.array(anyFault, { maxLength: 5 }),
      fc.array(anyMeddling, { maxLength: 2 }),
      async (marks, faults, meddlings) => {
        const access = accessStore({ faults, onSent: (send, store) => meddle(store, send, meddlings) });
        putItems(access, 'StateTable', marks.map(itemOf));
        meddle(access.store, 0, meddlings);
        const result = await markItems(
          access,
          marks.map((before, index) => ({ id: `t${index}`, before })),
          target,
        );
        const made = access.changes.filter(isMark).length;
        expect(result.marked + result.changed + result.unknown).toBe(marks.length);
        expect(result.marked).toBeLessThanOrEqual(made);
        if (result.unknown === 0) {
          expect(result.marked).toBe(made);
        }
        for (const [outcome, count] of Object.entries(result)) {
          if (count > 0) {
            met.add(outcome);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 500 });
    expect([...met].sort()).toEqual(['changed', 'marked', 'unknown']);
  });

  it('also moves a trade to other dimensions, unless it has moved by itself', async () => {
    const access = accessStore();
    putItems(access, 'StateTable', [
      { id: { S: 'here' }, Hierarchy: { S: 'h' } },
      { id: { S: 'moved' }, Hierarchy: { S: 'other' } },
    ]);
    const dimensions = { text: '["Region"]', hierarchy: 'h' };
    const items = ['here', 'moved'].map((id) => ({ id, before: undefined, dimensions }));
    expect(await markItems(access, items, target)).toEqual({ marked: 1, moved: 1, changed: 1, unknown: 0 });
    expect(access.store.snapshot('StateTable')).toEqual([
      { id: { S: 'here' }, Hierarchy: { S: 'h' }, Dimensions: { S: '["Region"]' }, ...attributesOf(mark) },
      { id: { S: 'moved' }, Hierarchy: { S: 'other' } },
    ]);
  });

  it('names the item that has no room for a mark, and what to do', async () => {
    const access = accessStore();
    putItems(access, 'StateTable', [
      { id: { S: 'small' } },
      { id: { S: 'full' }, Note: { S: 'x'.repeat(400 * 1_024 - 20) } },
    ]);
    const items = ['small', 'full'].map((id) => ({ id, before: undefined }));
    await expect(markItems(access, items, target)).rejects.toMatchObject({
      code: 'recount-refused',
      message: expect.stringMatching(/item "full" of StateTable .*400 KB; take off it/),
    });
  });

  it('throws when the table does not answer', async () => {
    const access = accessStore({ faults: Array(20).fill('request-lost') });
    await expect(markItems(access, [{ id: 't0', before: undefined }], target)).rejects.toMatchObject({
      code: 'table-unavailable',
    });
  });
});

function attributesOf({ number, wave }: RecountMark): Record<string, { readonly N: string }> {
  return {
    [recountAttributes.number]: { N: String(number) },
    ...(wave !== undefined && { [recountAttributes.wave]: { N: String(wave) } }),
  };
}

function itemOf(before: RecountMark | undefined, index: number) {
  return { id: { S: `t${index}` }, Value: { N: '1' }, ...(before !== undefined && attributesOf(before)) };
}

function isMark({ oldImage, newImage }: ItemChange): boolean {
  const [before, after] = [oldImage, newImage].map((image) => image && recountMarkOf(image));
  const isNew = before?.number !== after?.number || before?.wave !== after?.wave;
  return oldImage !== undefined && isNew && after?.number === mark.number && after.wave === mark.wave;
}

/** Another program, which knows nothing of recounts. */
function meddle(store: SimulatedStore, send: number, meddlings: readonly Meddling[]): void {
  for (const { item, what } of meddlings.filter((each) => each.send === send)) {
    const key = { TableName: 'StateTable', Key: { id: { S: `t${item}` } } };
    const command =
      what === 'remove'
        ? new DeleteItemCommand(key)
        : what === 'note'
          ? new UpdateItemCommand({
              ...key,
              UpdateExpression: 'SET #note = :note',
              ConditionExpression: 'attribute_exists(#id)',
              ExpressionAttributeNames: { '#note': 'Note', '#id': 'id' },
              ExpressionAttributeValues: { ':note': { S: 'seen' } },
            })
          : new PutItemCommand({
              TableName: 'StateTable',
              Item: { ...key.Key, Value: { N: '2' }, ...attributesOf({ number: 5 }) },
            });
    try {
      commandRequest(store, command).begin().finish();
    } catch (error) {
      expect((error as Error).name).toBe('ConditionalCheckFailedException');
    }
  }
}
