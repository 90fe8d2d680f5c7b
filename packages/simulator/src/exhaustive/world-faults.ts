import type { FaultKind } from '../faults/fault-kinds.ts';

/** What can happen to one request of a small world. */
export type WorldFault = Extract<
  FaultKind,
  | 'reply-lost'
  | 'crash-before-request'
  | 'crash-after-request'
  | 'lands-late'
  | 'lands-twice'
  | 'conflict'
  | 'throttled'
>;

/** Faults of which one history may have two. */
export const pairedFaults: readonly WorldFault[] = [
  'reply-lost',
  'crash-before-request',
  'crash-after-request',
  'lands-late',
  'lands-twice',
];

/**
 * Faults that a history has alone. The store does nothing, and the client sends the same request again: from there on the history
 * is one without this fault, so that a pair with it would show nothing that the other fault alone does not.
 */
export const loneFaults: readonly WorldFault[] = ['conflict', 'throttled'];
