/** What is used and replaced of fauxqs's queue. It keeps these parts to itself, which is why its version is pinned. */
export interface FauxqsQueue {
  messages: FauxqsMessage[];
  readonly inflightMessages: ReadonlyMap<string, { readonly message: FauxqsMessage }>;
  readonly fifoMessages: ReadonlyMap<string, FauxqsMessage[]>;
  /** How many messages of a group are in flight, for groups that have any. */
  readonly fifoLockedGroups: Map<string, number>;
  processTimers(): void;
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void;
  deleteMessage(receiptHandle: string): boolean;
  dequeueFifo(limit: number, ...more: unknown[]): { readonly ReceiptHandle: string }[];
}

interface FauxqsMessage {
  readonly messageGroupId?: string;
  /** Of equal length for all messages of a queue. */
  readonly sequenceNumber?: string;
  /** Added here: the newest receipt handle of a message that has become visible again. */
  lastReceiptHandle?: string;
}

/**
 * Gives fauxqs's queues what functions would miss most.
 *
 * - A receive request to a FIFO queue takes as many messages of one group as it may, not only the first of each group.
 * - Messages of a group that become visible again do so in their order.
 * - A message of a standard queue can be deleted after its visibility timeout, as long as nobody else has received it.
 */
export function correctQueues({ prototype }: { readonly prototype: FauxqsQueue }): void {
  const { dequeueFifo, processTimers, changeVisibility, deleteMessage } = prototype;
  const receiving = new WeakSet<FauxqsQueue>();

  prototype.dequeueFifo = function (limit, ...more) {
    this.processTimers();
    // A message with a visibility timeout of 0 must not come twice in one answer.
    receiving.add(this);
    const received: { readonly ReceiptHandle: string }[] = [];
    const taken = new Map<string, number>();
    for (let count = 0; count < limit; count += 1) {
      const [message] = dequeueFifo.call(this, 1, ...more);
      if (message === undefined) {
        break;
      }
      received.push(message);
      const groupId = this.inflightMessages.get(message.ReceiptHandle)?.message.messageGroupId ?? '';
      taken.set(groupId, (taken.get(groupId) ?? 0) + 1);
      // Open again, so that the next one comes from the same group.
      this.fifoLockedGroups.delete(groupId);
    }
    for (const [groupId, count] of taken) {
      this.fifoLockedGroups.set(groupId, count);
    }
    receiving.delete(this);
    return received;
  };

  prototype.processTimers = function () {
    if (!receiving.has(this)) {
      makeVisible(this, () => processTimers.call(this));
    }
  };

  prototype.changeVisibility = function (receiptHandle, timeoutSeconds) {
    makeVisible(this, () => changeVisibility.call(this, receiptHandle, timeoutSeconds));
  };

  prototype.deleteMessage = function (receiptHandle) {
    if (deleteMessage.call(this, receiptHandle)) {
      return true;
    }
    const before = this.messages.length;
    this.messages = this.messages.filter((message) => message.lastReceiptHandle !== receiptHandle);
    return this.messages.length < before;
  };
}

/** Does what may make messages visible again, and puts right what fauxqs makes of them. */
function makeVisible(queue: FauxqsQueue, change: () => void): void {
  const before = [...queue.inflightMessages];
  change();
  const groups = new Set<string>();
  for (const [receiptHandle, { message }] of before) {
    if (!queue.inflightMessages.has(receiptHandle)) {
      message.lastReceiptHandle = receiptHandle;
      groups.add(message.messageGroupId ?? '');
    }
  }
  for (const groupId of groups) {
    queue.fifoMessages.get(groupId)?.sort(bySequenceNumber);
  }
}

function bySequenceNumber(a: FauxqsMessage, b: FauxqsMessage): number {
  return (a.sequenceNumber ?? '') < (b.sequenceNumber ?? '') ? -1 : 1;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const INVALID_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Lets messages hold characters above U+FFFF, such as emoji: fauxqs looks at the two halves of each and refuses them. */
export function correctInvalidCharacters(pattern: { test(text: string): boolean }): void {
  pattern.test = (text) => INVALID_CHARACTER.test(text);
}

/** Codes that Amazon SQS itself begins so; fauxqs begins all of them so, and the SDK makes the error's name of it. */
const PREFIXED: ReadonlySet<string> = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'NonExistentQueue',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);
const PREFIX = 'AWS.SimpleQueueService.';

/** Makes the header that names an error what Amazon SQS sends. */
export function correctQueryError(header: string): string {
  const [name = '', ...fault] = header.split(';');
  const code = name.replace(PREFIX, '');
  if (PREFIXED.has(code)) {
    return header;
  }
  return [code === 'QueueNameExists' ? 'QueueAlreadyExists' : code, ...fault].join(';');
}
