import type { Contribution } from '@oncefold/reducer';

/** One round of the workshop: what was sent, from where the sums started, and by how much they must grow. */
export interface Round {
  /** Unique: the time of its schedule, or the request that asked for it. */
  readonly name: string;
  /** Seed of the messages: the same one makes the same bytes. */
  readonly seed: number;
  /** How many messages were sent, repeated ones included. */
  readonly messages: number;
  /** By how much each node must grow, exactly. */
  readonly growth: Contribution;
  /** By how much `message_count` may grow; the order of arrival decides where between the two. */
  readonly applied: { readonly least: number; readonly most: number };
  /** Every row of the aggregates before the first message. */
  readonly before: Contribution;
  /** When the sums were read and the sending began, in milliseconds since the epoch. */
  readonly openedAt: number;
}

/** A round as it is kept. */
export interface KeptRound extends Round {
  /** Whether it has a verdict. */
  readonly isJudged: boolean;
}

/** Reads every row of the aggregates, `message_count` among them, consistently. */
export type AggregateReader = () => Promise<Contribution>;

/** A round that cannot be kept or judged. */
export class RoundError extends Error {
  override readonly name = 'RoundError';
  readonly code: 'unknown-round' | 'unreadable-row' | 'too-many-keys';

  constructor(code: RoundError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
