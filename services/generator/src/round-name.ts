/**
 * Names the round that an invocation is to play.
 *
 * The schedule's time names it, because a schedule may deliver twice; a round that somebody asks for by hand is named by
 * the request, whose id stays the same when Lambda tries again.
 *
 * @returns a time in ISO 8601, or the request's id
 */
export function roundName(event: unknown, requestId: string): string {
  const time = typeof event === 'object' && event !== null && 'time' in event ? event.time : undefined;
  return typeof time === 'string' && Number.isFinite(Date.parse(time))
    ? new Date(time).toISOString()
    : requestId;
}
