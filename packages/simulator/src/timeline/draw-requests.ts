import type { FaultKind } from '../faults/fault-kinds.ts';
import { arrow, type Grid, mark, type Shape } from './shapes.ts';
import type { Timeline } from './timeline.ts';
import type { Landing, RequestTrace } from './trace-history.ts';

/** How far an arrow gets that ends in the void. */
const LOST_AT = 0.55;

/** DynamoDB answers these without doing anything. */
const REFUSALS: ReadonlySet<FaultKind> = new Set(['throttled', 'conflict', 'server-error']);

/** Draws requests as arrows to DynamoDB and back: landed, refused, late or lost. */
export function drawRequests(timeline: Timeline, grid: Grid): readonly Shape[] {
  const { trace, lanes } = timeline;
  const problems = new Set(timeline.moments.map(({ event }) => event));
  return [...trace.requests.values()]
    .filter(({ sentAt }) => grid.isShown(sentAt))
    .flatMap((request) =>
      drawRequest(request, {
        sandbox: lanes.sandbox(request.sent.sandbox),
        store: lanes.store,
        grid,
        problems,
      }),
    );
}

interface Place {
  readonly sandbox: number;
  readonly store: number;
  readonly grid: Grid;
  /** Events at which the history goes wrong. */
  readonly problems: ReadonlySet<number>;
}

function drawRequest(request: RequestTrace, place: Place): readonly Shape[] {
  const { sandbox, store, grid } = place;
  const sent = { lane: sandbox, y: grid.rowOf(request.sentAt) + 0.5 };
  if (request.landings.length > 0) {
    return request.landings.flatMap((landing) => drawLanding(request, landing, place));
  }
  if (request.faults.includes('crash-before-request')) {
    return [];
  }
  const { replyAt } = request;
  if (replyAt !== undefined && request.faults.some((kind) => REFUSALS.has(kind))) {
    const back = { lane: sandbox, y: grid.rowOf(replyAt) + 0.5 };
    const middle = { lane: store, y: (sent.y + back.y) / 2 };
    return [arrow('request refused', sent, middle), arrow('reply failure', middle, back)];
  }
  const lost = arrow('request failure', sent, { lane: store, y: sent.y + 0.6 }, LOST_AT);
  return [lost, ...drawGivingUp(request, place)];
}

function drawLanding(request: RequestTrace, landing: Landing, place: Place): readonly Shape[] {
  const { sandbox, store, grid, problems } = place;
  const sent = { lane: sandbox, y: grid.rowOf(request.sentAt) + 0.5 };
  const row = grid.rowOf(landing.event);
  const landed = { lane: store, y: row + 0.5 };
  const isLate = request.replyAt !== undefined && request.replyAt < landing.event;
  const isProblem = problems.has(landing.event);
  const wrote = landing.changes.length > 0;
  const shapes = [
    arrow(isLate ? 'request late' : 'request', sent, landed),
    mark(wrote ? 'square' : 'ring', isProblem ? 'violation' : wrote ? 'write' : 'request', store, row),
  ];
  if (isLate) {
    return [...shapes, ...(landing === request.landings[0] ? drawGivingUp(request, place) : [])];
  }
  // A second landing is answered to nobody.
  if (landing !== request.landings[0]) {
    return shapes;
  }
  if (request.replyAt === undefined || request.faults.includes('reply-lost')) {
    const lost = arrow('reply failure', landed, { lane: sandbox, y: landed.y + 0.6 }, LOST_AT);
    return [...shapes, lost, ...drawGivingUp(request, place)];
  }
  const isBad = request.faults.some(
    (kind) => kind === 'server-error-after-commit' || kind === 'unreadable-answer',
  );
  const back = { lane: sandbox, y: grid.rowOf(request.replyAt) + 0.5 };
  return [...shapes, arrow(isBad ? 'reply failure' : 'reply', landed, back)];
}

/** The sandbox waits in vain. */
function drawGivingUp({ replyAt }: RequestTrace, { sandbox, grid }: Place): readonly Shape[] {
  return replyAt === undefined ? [] : [mark('question', 'failure', sandbox, grid.rowOf(replyAt))];
}
