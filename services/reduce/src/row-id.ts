import type { DynamoDBRecord } from 'aws-lambda';

/**
 * Names a record of the reduce table: a new row by its own name, for ever; a change or removal of a row is another record.
 */
export function rowId({ eventID, eventName, dynamodb }: DynamoDBRecord): string | undefined {
  if (eventName !== 'INSERT') {
    return eventID;
  }
  return dynamodb?.Keys?.['MessageId']?.S ?? dynamodb?.NewImage?.['MessageId']?.S ?? eventID;
}
