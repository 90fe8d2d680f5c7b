import { FUNCTION_TIMEOUT_SECONDS } from './cells/run-cell.ts';
import type { OverheadEngine } from './comparison-environment.ts';
import type { UnitSource } from './report/comparison-report.ts';

/**
 * Lists what of a report is modelled, computed or assumed rather than measured.
 *
 * @param overheadEngine - absent when overheads were not measured
 */
export function modelledParts(cellUnits: UnitSource, overheadEngine: OverheadEngine | undefined): string[] {
  return [
    'Deliveries are scripted from the seed, following the AWS documentation of event source mappings; functions, engine and processes are real, AWS itself is not involved.',
    'DynamoDB Local never forgets a ClientRequestToken: after 10 minutes it reports success and applies nothing. The proxy between function and engine expires tokens as AWS documents it, 10 minutes after the first completion; instead of waiting, it ends the window at once.',
    'DynamoDB Local runs transactions one after the other and never reports TransactionConflict. The proxy injects conflicts, throttling and internal errors in the form in which DynamoDB sends them.',
    `In the cells a function has a timeout of ${FUNCTION_TIMEOUT_SECONDS} s, the shortest that the template allows: under Powertools, the lock of a killed invocation lasts as long.`,
    'Where a deployment changes the arithmetic, exact means: each batch counts once by either one of the versions under which it was delivered, as a whole where it is committed in one transaction, else record by record.',
    cellUnits === 'engine'
      ? 'Capacity units of the cells are the ConsumedCapacity that the engine reports.'
      : 'Capacity units of the cells are computed from the requests by the rules that AWS documents, because this engine reports four write units for each table of a transaction, whatever is written.',
    ...(overheadEngine === undefined ? [] : [overheadSentence(overheadEngine)]),
    'Rejected requests and failed conditions count no units here; AWS charges for failed conditions and for conflicts.',
    'Latency is that of processes and an engine on this machine, without a network: compare the ratios, not the times.',
    "Costs are units times the published price: DynamoDB's requests alone, no Lambda, no streams, no storage.",
  ];
}

function overheadSentence({ engine: { name, version }, source }: OverheadEngine): string {
  return source === 'engine'
    ? `Capacity units of the overheads are the ConsumedCapacity of ${name} ${version}, which the run checked at its start against the rules that AWS documents.`
    : 'Capacity units of the overheads are computed from the requests by the rules that AWS documents.';
}
