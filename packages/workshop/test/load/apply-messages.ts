import { formatDecimal, type Hierarchy, mergeContributions } from '@oncefold/reducer';
import {
  contributionOfTradeChange,
  createTradeHierarchy,
  isSamePayload,
  parseTrade,
  type Trade,
} from '@oncefold/trades';
import type { Workload, WorkloadMessage } from '../../src/load/workload.ts';

/** What applying messages one after another comes to: the pipeline without stream, tables and batches. */
export interface AppliedMessages {
  readonly nodes: ReadonlyMap<string, string>;
  readonly messageCount: number;
  readonly counts: Readonly<Record<'applied' | 'duplicate' | 'stale' | 'conflict' | 'quarantined', number>>;
  readonly reasons: ReadonlyMap<string, number>;
}

/** Reads the bytes with the reducer and lets the newest version win, in the order of arrival. */
export function applyMessages(messages: Iterable<WorkloadMessage>, workload: Workload): AppliedMessages {
  const hierarchy = createTradeHierarchy(workload.dimensions.map(({ name }) => name));
  const trades = new Map<string, Trade>();
  const counts = { applied: 0, duplicate: 0, stale: 0, conflict: 0, quarantined: 0 };
  const reasons = new Map<string, number>();
  let sums = mergeContributions([]);
  for (const { data } of messages) {
    const result = readMessage(data, hierarchy);
    if (result.code === 'invalid') {
      counts.quarantined += 1;
      reasons.set(result.reason, (reasons.get(result.reason) ?? 0) + 1);
      continue;
    }
    const after = result.trade;
    const before = trades.get(after.tradeId);
    if (before === undefined || after.version > before.version) {
      counts.applied += 1;
      trades.set(after.tradeId, after);
      sums = mergeContributions([sums, contributionOfTradeChange(before, after)]);
    } else if (after.version < before.version) {
      counts.stale += 1;
    } else {
      counts[isSamePayload(before, after) ? 'duplicate' : 'conflict'] += 1;
    }
  }
  const nodes = new Map([...sums].map(([node, sum]) => [node, formatDecimal(sum)]));
  const messageCount = Number(nodes.get('message_count') ?? '0');
  nodes.delete('message_count');
  return { nodes, messageCount, counts, reasons };
}

type ReadResult = ReturnType<typeof parseTrade> | { readonly code: 'invalid'; readonly reason: 'not-utf-8' };

function readMessage(data: Uint8Array, hierarchy: Hierarchy): ReadResult {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return { code: 'invalid', reason: 'not-utf-8' };
  }
  return parseTrade(text, hierarchy);
}
