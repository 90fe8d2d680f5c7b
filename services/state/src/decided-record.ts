import type { Refusal } from '@oncefold/middleware/quarantine';
import type { StreamRecord } from './stream-record.ts';

/** A record, and what is known about what becomes of it. */
export interface DecidedRecord {
  readonly record: StreamRecord;
  readonly decision: Decision;
}

export type Decision =
  | { readonly outcome: 'applied' | 'duplicate' | 'stale' }
  | ({ readonly outcome: 'conflict' | 'quarantined' } & Refusal)
  /** It is not known, and the record is to be delivered again. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** A version met an equal version with another payload. A redelivery looks for the reason in the quarantine table. */
export const versionConflict: { readonly outcome: 'conflict' } & Refusal = {
  outcome: 'conflict',
  reason: 'version-conflict',
  detail: 'Version',
};

/** What is to be quarantined: the decision says why. */
export function refusalOf({ decision }: DecidedRecord): Refusal | undefined {
  if (decision.outcome !== 'conflict' && decision.outcome !== 'quarantined') {
    return undefined;
  }
  const { reason, detail } = decision;
  return { reason, detail };
}
