import { type Contribution, sumContributions } from '@oncefold/reducer';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { foldOfMap, foldOfReduce } from './stages.ts';

/** What all changes of the state table in an event add, as one delta. */
export async function foldChangesToDelta(event: DynamoDBStreamEvent): Promise<Contribution> {
  const records = await foldOfMap(event);
  return sumContributions(records.map(({ contribution }) => contribution as Contribution));
}

/** What all rows of sums in an event add, as one delta. */
export async function foldRowsToDelta(event: DynamoDBStreamEvent): Promise<Contribution> {
  const records = await foldOfReduce(event);
  return sumContributions(records.map(({ contribution }) => contribution as Contribution));
}
