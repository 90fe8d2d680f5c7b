const descriptions = {
  'request-lost': 'a request never reaches DynamoDB',
  'reply-lost': 'DynamoDB does it, and its answer is lost',
  'lands-late': 'the client gives up on a request, and DynamoDB does it later',
  'lands-twice': 'a request reaches DynamoDB twice',
  throttled: 'DynamoDB throttles a request',
  conflict: 'DynamoDB reports a transaction conflict',
  'server-error': 'DynamoDB answers 500 and has done nothing',
  'server-error-after-commit': 'DynamoDB answers 500 although it has done it',
  'unreadable-answer': 'DynamoDB does it, and the answer cannot be read',
  'throttled-in-part': 'some members of a batch request are throttled',
  'slow-transaction': 'a transaction takes so long that others meet it',
  'crash-before-request': 'the sandbox dies before a request is sent',
  'crash-after-request': 'the sandbox dies while a request is on its way',
  'crash-at-start': 'the sandbox dies before the function has done anything',
  'crash-before-answer': 'the sandbox dies after all is done and before Lambda knows',
  stall: 'the sandbox makes no progress until its timeout',
  'sandbox-recycled': 'Lambda takes a warm sandbox away',
  'invocation-throttled': 'Lambda throttles an invocation',
  deployment: 'another version of the function is deployed, while batches are retried',
  redelivered: 'Lambda delivers a batch again although it has succeeded',
  'redelivered-late': 'Lambda delivers a batch again minutes or hours later',
  regrouped: 'the records of a batch are cut anew',
  'poller-restarted': 'the poller begins again from an older checkpoint',
  'poller-doubled': 'two pollers read the shards at once',
  'read-failed': 'a read of the stream fails',
  'shard-split': 'a shard is split while it is read',
  'shards-merged': 'two shards are merged while they are read',
} as const;

/** Name of a fault. */
export type FaultKind = keyof typeof descriptions;

/** Everything that the simulator can do to a history, and what it means in production. */
export const faultDescriptions: Readonly<Record<FaultKind, string>> = descriptions;

/** Names of all faults. */
export const faultKinds: readonly FaultKind[] = Object.keys(descriptions) as FaultKind[];
