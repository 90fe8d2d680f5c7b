import type { FaultKind } from '../faults/fault-kinds.ts';
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
    stall: ', while its sandbox stood still',
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
    return `The function could not know that it was written, and sent it again as request ${second.number}, which landed ${later} later.`;
  }
  const batch = sameRecords(before, after)
    ? ''
    : `, in another batch (${listText(after.started.records)} instead of ${listText(before.started.records)})`;
  return `${redelivery(trace, them, before, after)}${batch}. ${later} after the first time, request ${second.number} of ${second.sent.sandbox} landed with ${them} in it.`;
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
  const guards = guardItems(trace, second);
  if (guards.length > 0) {
    return `The guard that goes with the request (${listText(guards, 2)}) did not refuse it: ${them} ${records.length === 1 ? 'counts' : 'count'} twice.`;
  }
  if (first.token !== undefined && second.token !== undefined) {
    if (first.token !== second.token) {
      return `The only guard is the request token, which is made of the records of one write. Other records together, another token: DynamoDB took it for a new request, and ${countTwice}.`;
    }
    if (timeBetween(trace, firstLanding.event, landing.event) >= TOKEN_WINDOW_MS) {
      return `Both requests had the same token, but DynamoDB forgets a token 10 minutes after its first request is done. It took the second one for a new request, and ${countTwice}.`;
    }
  }
  return `Nothing told DynamoDB that ${them} ${records.length === 1 ? 'was' : 'were'} already in the sums: ${countTwice}.`;
}

/** Items of a request that are no sums. */
function guardItems({ history }: HistoryTrace, request: RequestTrace): readonly string[] {
  const changed = new Set(
    request.landings.flatMap(({ changes }) =>
      changes.flatMap((index) => {
        const change = history[index];
        const isSum = change?.type === 'item-changed' && /^(Value|Message) /.test(change.text);
        return isSum ? [change.table] : [];
      }),
    ),
  );
  return request.sent.items
    .map((item) => item.slice(0, item.indexOf('/')))
    .filter((table) => !changed.has(table));
}

function sameRecords(before: InvocationTrace, after: InvocationTrace): boolean {
  return before.started.records.join() === after.started.records.join();
}

function timeBetween({ history }: HistoryTrace, first: number, second: number): number {
  return (history[second]?.at ?? 0) - (history[first]?.at ?? 0);
}
