export {
  type DeaggregatedEvent,
  type DeaggregatedRecord,
  deaggregate,
  type KinesisEvent,
  type KinesisRecord,
} from './deaggregate.ts';
export { type AggregateResult, type BrokenReason, readAggregate, type UserRecord } from './read-aggregate.ts';
