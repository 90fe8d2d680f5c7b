import type { FaultKind } from '../faults/fault-kinds.ts';
import { isSumChange } from './count-records.ts';
import { guardItemOf } from './guards.ts';
import {
  type HistoryTrace,
  type InvocationTrace,
  kindOf,
  type LandedRequest,
  type RequestTrace,
} from './trace-history.ts';
import { durationText, listText, shardText } from './words.ts';

/** For so long DynamoDB knows a token after its first request was completed. */
const TOKEN_WINDOW_MS = 10 * 60 * 1000;

/** Explains why records that were in the sums were added again. */
export function explainDoubled(
  trace: HistoryTrace,
  records: readonly string[],
  { former, landed }: { readonly former: LandedRequest; readonly landed: LandedRequest },
): readonly string[] {
  return [
    firstTime(trace, records, former, landed),
    secondTime(trace, records, former, landed),
    whyNotStopped(trace, records, former, landed),
  ];
}

/** What became of the first write, as far as its sandbox knows. */
function firstTime(
  trace: HistoryTrace,
  records: readonly string[],
  { request, landing }: LandedRequest,
  landed: LandedRequest,
): string {
  const what = `Request ${request.number} of ${request.sent.sandbox} added ${listText(records)} to the sums`;
  const isLate = request.replyAt !== undefined && request.replyAt < landing.event;
  if (isLate) {
    return `${what}, but ${durationText(timeBetween(trace, request.sentAt, landing.event))} after it was sent: its sender had given it up.`;
  }
  const fate = fateOf(trace, request);
  const order =
    request !== landed.request && request.sentAt > landed.request.sentAt ? ' It overtook an older one.' : '';
  return `${what}${fate}.${order}`;
}

function fateOf(trace: HistoryTrace, { faults, replyAt, invocation, landings }: RequestTrace): string {
  const lost: Partial<Record<FaultKind, string>> = {
    'reply-lost': ': DynamoDB wrote it, but the answer was lost',
    'server-error-after-commit': ': DynamoDB wrote it, but answered with error 500',
    'unreadable-answer': ': DynamoDB wrote it, but its answer could not be read',
    'crash-after-request': ': DynamoDB wrote it, but the sandbox had died and never heard of it',
    stall: ', while its sandbox was stalled',
  };
  const fault = faults.find((kind) => lost[kind] !== undefined);
  const reply = replyAt === undefined ? undefined : trace.history[replyAt];
  const isTold = reply?.type === 'reply-received' && reply.outcome.startsWith('committed');
  if (fault !== undefined && !(fault === 'stall' && isTold)) {
    return lost[fault] ?? '';
  }
  if (isTold) {
    const isSafe = invocation?.ended?.result === 'succeeded';
    return isSafe ? ', and all went well' : ', and its sandbox was told so';
  }
  return (landings[0]?.outcome ?? '') === 'committed' ? ', but its sandbox never heard of it' : '';
}

function secondTime(
  trace: HistoryTrace,
  records: readonly string[],
  { request: first, landing: firstLanding }: LandedRequest,
  { request: second, landing }: LandedRequest,
): string {
  const them = listText(records);
  const isGivenUp = second.replyAt !== undefined && second.replyAt < landing.event;
  const given = isGivenUp ? ', long given up by its sender,' : '';
  const later = durationText(timeBetween(trace, firstLanding.event, landing.event));
  if (first === second) {
    return `The network brought the same request to DynamoDB a second time, ${later} later.`;
  }
  if (second.sentAt < first.sentAt) {
    return `The older request ${second.number} of ${second.sent.sandbox} with ${them} had been given up by its sender and was taken for lost. It was not: it reached DynamoDB ${later} later.`;
  }
  const [before, after] = [first.invocation, second.invocation];
  if (before === undefined || after === undefined) {
    return `${later} later request ${second.number} of ${second.sent.sandbox} added ${them} again.`;
  }
  if (before === after) {
    return `The function could not know that it was written, and sent it again as request ${second.number}, which${given === '' ? '' : ' was given up, too, and'} landed ${later} later.`;
  }
  const batch = sameRecords(before, after)
    ? ''
    : `, in another batch (${listText(after.started.records)} instead of ${listText(before.started.records)})`;
  return `${redelivery(trace, them, before, after)}${batch}. ${later} after the first time, request ${second.number} of ${second.sent.sandbox}${given} landed with ${them} in it.`;
}

/** Why Lambda delivered records again. */
function redelivery(
  trace: HistoryTrace,
  them: string,
  before: InvocationTrace,
  after: InvocationTrace,
): string {
  const shard = shardText(after.started.shard);
  if (before.started.poller !== after.started.poller) {
    return `A second poller read ${shard} too, from an older checkpoint, and delivered ${them} again`;
  }
  const causes: Partial<Record<FaultKind, string>> = {
    redelivered: `Lambda delivered ${them} again although it had succeeded, which it may do`,
    'redelivered-late': `Lambda delivered ${them} again long after it had succeeded, which it may do`,
    regrouped: `The records of ${shard} were cut into batches anew, and Lambda delivered ${them} again`,
    'poller-restarted': `The poller of ${shard} began again from an older checkpoint and delivered ${them} again`,
  };
  const ends: Partial<Record<NonNullable<InvocationTrace['ended']>['result'], string>> = {
    failed: `The invocation failed, so Lambda delivered ${them} again`,
    'timed-out': `The time of the invocation was over before it could say that it was done, so Lambda delivered ${them} again`,
    crashed: `The sandbox died before it could say that it was done, so Lambda delivered ${them} again`,
  };
  const fault = faultsBetween(trace, before, after).find((kind) => causes[kind] !== undefined);
  const cause = fault === undefined ? undefined : causes[fault];
  return ends[before.ended?.result ?? 'succeeded'] ?? cause ?? `Lambda delivered ${them} again`;
}

/** Faults of the poller and the shard between two deliveries, the latest first. */
function faultsBetween(
  { history }: HistoryTrace,
  before: InvocationTrace,
  { started, startedAt }: InvocationTrace,
): readonly FaultKind[] {
  const target = `${started.poller}, ${started.shard}`;
  return history
    .slice(before.startedAt, startedAt)
    .flatMap((event) => (event.type === 'fault' && event.target === target ? [kindOf(event)] : []))
    .reverse();
}

function whyNotStopped(
  trace: HistoryTrace,
  records: readonly string[],
  { request: first, landing: firstLanding }: LandedRequest,
  { request: second, landing }: LandedRequest,
): string {
  const them = listText(records);
  const countTwice = `${records.length === 1 ? 'it counts' : 'they count'} twice`;
  const guards = guardTables(second);
  if (guards.length > 0) {
    const why = isDeletedBetween(trace, second, { from: firstLanding.event, to: landing.event })
      ? 'could not refuse it, because its item was deleted when its time to live was over'
      : 'did not refuse it';
    return `The guard that goes with the request (${listText(guards, 2)}) ${why}: ${countTwice}.`;
  }
  if (first.token !== undefined && second.token !== undefined) {
    if (first.token !== second.token) {
      const [before, after] = [first.invocation, second.invocation];
      if (before !== undefined && after !== undefined && before !== after && sameRecords(before, after)) {
        return `Each invocation made a request token of its own, and what else it wrote is not in the transaction: DynamoDB took the second request for a new one, and ${countTwice}.`;
      }
      return `The only guard is the request token, which is made of the records of one write. Other records together, another token: DynamoDB took it for a new request, and ${countTwice}.`;
    }
    if (timeBetween(trace, firstLanding.event, landing.event) >= TOKEN_WINDOW_MS) {
      return `Both requests had the same token, but DynamoDB forgets a token 10 minutes after its first request is done. It took the second one for a new request, and ${countTwice}.`;
    }
  }
  const others = otherTables(trace, second, landing);
  if (others.length > 0) {
    return `What the request wrote beside the sums (${listText(others, 2)}) did not keep DynamoDB from writing it: ${countTwice}.`;
  }
  return `Nothing told DynamoDB that ${them} ${records.length === 1 ? 'was' : 'were'} already in the sums: ${countTwice}.`;
}

/** Tables of the guards that go with a request. */
function guardTables({ sent }: RequestTrace): readonly string[] {
  const guards = sent.items.filter((item) => guardItemOf(item, '') !== undefined);
  return [...new Set(guards.map((item) => item.slice(0, item.indexOf('/'))))];
}

/** Tables of a request, conditions included, in which it has changed no sum: a guard of the strategy's own, perhaps. */
function otherTables(
  { history }: HistoryTrace,
  { sent }: RequestTrace,
  { changes }: LandedRequest['landing'],
): readonly string[] {
  const sums = changes.flatMap((index) => {
    const change = history[index];
    return change?.type === 'item-changed' && isSumChange(change.text) ? [change.table] : [];
  });
  const tables = new Set(sent.items.map((item) => item.slice(0, item.indexOf('/'))));
  return [...tables].filter((table) => !sums.includes(table));
}

/** Whether DynamoDB has deleted an item of a request, because its time to live was over. */
function isDeletedBetween(
  { history }: HistoryTrace,
  { sent }: RequestTrace,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const items = new Set(sent.items);
  return history
    .slice(from, to)
    .some(
      (event) =>
        event.type === 'item-changed' &&
        event.text === 'deleted' &&
        items.has(`${event.table}/${event.item}`),
    );
}

function sameRecords(before: InvocationTrace, after: InvocationTrace): boolean {
  return before.started.records.join() === after.started.records.join();
}

function timeBetween({ history }: HistoryTrace, first: number, second: number): number {
  return (history[second]?.at ?? 0) - (history[first]?.at ?? 0);
}
