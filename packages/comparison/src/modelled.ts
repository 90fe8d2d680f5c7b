import { FUNCTION_TIMEOUT_SECONDS } from './cells/run-cell.ts';
import type { OverheadEngine } from './comparison-environment.ts';
import type { UnitSource } from './report/comparison-report.ts';

/**
 * Says what of a report is modelled, computed or assumed rather than measured.
 *
 * @param options.cellUnits - where the units of the cells come from
 * @param options.overheadEngine - the engine that told the units of the overheads; absent when none was measured
 */
export function modelledParts(options: {
  readonly cellUnits: UnitSource;
  readonly overheadEngine?: OverheadEngine;
}): string[] {
  const { cellUnits, overheadEngine } = options;
  return [
    'Deliveries are scripted from the seed, by what AWS documents of event source mappings; functions, engine and processes are real, AWS itself takes no part.',
    'DynamoDB Local never forgets a ClientRequestToken: after 10 minutes it answers success and applies nothing. The proxy between function and engine ages tokens by the rule that AWS documents, 10 minutes after the first completion; instead of waiting, it lets the window be over at once.',
    'DynamoDB Local puts transactions one after the other and never answers TransactionConflict. Conflicts, throttling and internal errors come from the proxy, in the form in which DynamoDB sends them.',
    `In the cells a function has ${FUNCTION_TIMEOUT_SECONDS} s, the least that the template allows: the lock of a dead invocation under Powertools stands for that time.`,
    'Where a deploy changes the arithmetic, exact means: each batch counts once by either one of the versions under which it was delivered, as a whole where it is committed in one transaction, else record by record.',
    cellUnits === 'engine'
      ? "Capacity units of the cells are the engine's own ConsumedCapacity."
      : 'Capacity units of the cells are computed from the requests by the rules that AWS documents, because this engine tells four write units for a table of a transaction whatever is written.',
    ...(overheadEngine === undefined ? [] : [overheadSentence(overheadEngine)]),
    'Requests that were turned away or whose condition failed count no units here; AWS charges for failed conditions and for conflicts.',
    'Latency is that of processes and an engine on this machine, without a network: compare the ratios, not the times.',
    "Costs are units times the published price: DynamoDB's requests alone, no Lambda, no streams, no storage.",
  ];
}

function overheadSentence({ engine: { name, version }, source }: OverheadEngine): string {
  return source === 'engine'
    ? `Capacity units of the overheads are the ConsumedCapacity of ${name} ${version}, which was found at the start of the run to count as AWS documents.`
    : 'Capacity units of the overheads are computed from the requests by the rules that AWS documents.';
}
