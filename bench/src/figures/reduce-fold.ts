import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Figure } from '../figure.ts';
import { foldRowsToDelta } from '../functions/fold-to-delta.ts';
import { reduceTableEventText } from '../functions/reduce-table-event.ts';
import { measureAfter } from '../measure/measure-after.ts';

const RECORDS = 1_000;

/**
 * From an event of rows of 19 sums each that Lambda has parsed to one delta. To read the sums exactly and
 * add them up is to take no longer than to read them at all.
 */
export const reduceFold: Figure = {
  name: 'reduce-fold-1000',
  title: 'reduce: event of 1,000 rows of 19 sums to one delta',
  reference: '`JSON.parse` of the event and of the sums in it',
  unit: 'µs a row',
  goal: { of: 'ratio', max: 1 },
  async measure({ quick }) {
    const text = reduceTableEventText(RECORDS);
    const pairs = await measureAfter(
      { make: () => parseAll(text), use: foldRowsToDelta, per: RECORDS },
      { quick },
    );
    return { pairs, details: { eventBytesPerRow: Math.round(text.length / RECORDS) } };
  },
};

/** What is parsed in vain is the reference's alone: the fold gets the event as Lambda gives it. */
function parseAll(text: string): DynamoDBStreamEvent {
  const event: DynamoDBStreamEvent = JSON.parse(text);
  for (const { dynamodb } of event.Records) {
    JSON.parse(dynamodb?.NewImage?.['Message']?.S ?? '');
  }
  return event;
}
