import { isZero, shareWrong, shortenAmount } from './amounts.ts';
import type {
  Cell,
  CellName,
  ComparisonReport,
  FaultDescription,
  Overhead,
  StageCode,
  StrategyDescription,
  TransactionsDescription,
} from './comparison-report.ts';
import { formatCounted } from './format-number.ts';

/** Why a reader should look at a cell. */
export type Remark = 'promise-broken' | 'not-judged' | 'unexpected';

export interface CellView {
  readonly name: CellName;
  readonly strategy: StrategyDescription;
  readonly fault: FaultDescription;
  /** Absent where the cell did not run. */
  readonly cell: Cell | undefined;
  readonly remark: Remark | undefined;
  /** Lost and duplicated amounts as a share of the stage's total; absent without a result. */
  readonly share: number | undefined;
}

/** The matrix of one stage and one number of transactions. */
export interface MatrixView {
  readonly stage: StageCode;
  readonly transactions: TransactionsDescription;
  readonly rows: readonly { readonly strategy: StrategyDescription; readonly cells: readonly CellView[] }[];
}

/** Arranges the cells as one matrix for each stage and number of transactions that ran; cells that did not run are absent. */
export function arrangeCells(report: ComparisonReport): readonly MatrixView[] {
  const cells = new Map(report.cells.map((cell) => [keyOf(cell), cell]));
  return report.inputs.flatMap(({ stage, transactions: code, total }) => {
    const transactions = report.transactions.find((each) => each.code === code);
    const hasRun = report.cells.some((cell) => cell.stage === stage && cell.transactions === code);
    if (transactions === undefined || !hasRun) {
      return [];
    }
    return {
      stage,
      transactions,
      rows: report.strategies.map((strategy) => ({
        strategy,
        cells: report.faults.map((fault): CellView => {
          const name: CellName = { stage, transactions: code, strategy: strategy.code, fault: fault.code };
          const cell = cells.get(keyOf(name));
          const share =
            cell === undefined || cell.outcome === 'failed' ? undefined : shareWrong(cell.difference, total);
          return { name, strategy, fault, cell, remark: remarkOn(cell, strategy), share };
        }),
      })),
    };
  });
}

/** Stages in the order of the inputs. */
export function stagesOf({ inputs }: ComparisonReport): readonly StageCode[] {
  return [...new Set(inputs.map(({ stage }) => stage))];
}

export interface Summary {
  /** One sentence about the promises. */
  readonly headline: string;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

export function summarize(report: ComparisonReport): Summary {
  const views = arrangeCells(report).flatMap(({ rows }) => rows.flatMap(({ cells }) => cells));
  const having = (remark: Remark): readonly CellView[] => views.filter((view) => view.remark === remark);
  const broken = having('promise-broken');
  const failed = having('not-judged');
  const unexpected = having('unexpected');
  const promising = report.strategies.filter(({ promisesExactness }) => promisesExactness);
  const judged = views.filter(
    ({ cell, strategy }) => cell !== undefined && cell.outcome !== 'failed' && strategy.promisesExactness,
  );
  return {
    headline: headlineOf(report, listWords(promising.map(({ code }) => code)), {
      judged: judged.length,
      broken: listWords([...new Set(broken.map(({ strategy }) => strategy.code))]),
      failed: failed.length,
    }),
    notes: [
      ...(failed.length === 0 || report.verdict === 'incomplete'
        ? []
        : [`Cells without a result, which do not count as passes: ${failed.length}.`]),
      ...(unexpected.length === 0 ? [] : [`Cells with an unexpected outcome: ${unexpected.length}.`]),
    ],
  };
}

function headlineOf(
  report: ComparisonReport,
  promising: string,
  { judged, broken, failed }: { judged: number; broken: string; failed: number },
): string {
  switch (report.verdict) {
    case 'broken':
      return broken === '' ? 'A promise was broken.' : `Promise broken: ${broken} did not stay exact.`;
    case 'incomplete':
      return `Undecided: ${formatCounted(failed, 'cell')} without a result.`;
    case 'kept':
      return judged === 0
        ? 'Nothing to keep: no strategy that promises exactness was tested.'
        : `Promise kept: ${promising} stayed exact in ${judged === 1 ? 'the one cell' : `all ${judged} cells`}.`;
  }
}

/** One or two short texts: `exact`, or the amounts that are too much and too little; never empty. */
export function abbreviateCell(cell: Cell | undefined): readonly string[] {
  if (cell === undefined) {
    return ['not run'];
  }
  if (cell.outcome === 'failed') {
    return ['no result'];
  }
  if (cell.outcome === 'exact') {
    return ['exact'];
  }
  const { duplicated, lost, messageCount } = cell.difference;
  const amounts = [
    ...(isZero(duplicated) ? [] : [`+${shortenAmount(duplicated)}`]),
    ...(isZero(lost) ? [] : [`−${shortenAmount(lost)}`]),
  ];
  if (amounts.length > 0) {
    return amounts;
  }
  return isZero(messageCount)
    ? ['wrong']
    : [`count ${Number(messageCount) > 0 ? '+' : ''}${shortenAmount(messageCount)}`];
}

/** The overheads of one stage, from the smallest batch size to the largest. */
export function groupByBatchSize(
  overheads: readonly Overhead[],
  stage: StageCode,
): readonly { readonly batchSize: number; readonly rows: readonly Overhead[] }[] {
  const own = overheads.filter((row) => row.stage === stage);
  const sizes = [...new Set(own.map((row) => row.batchSize))].sort((a, b) => a - b);
  return sizes.map((batchSize) => ({ batchSize, rows: own.filter((row) => row.batchSize === batchSize) }));
}

/** Such as `a, b and c`. */
export function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function keyOf({ stage, transactions, strategy, fault }: CellName): string {
  return JSON.stringify([stage, transactions, strategy, fault]);
}

function remarkOn(cell: Cell | undefined, strategy: StrategyDescription): Remark | undefined {
  if (cell === undefined) {
    return undefined;
  }
  if (cell.outcome === 'failed') {
    return 'not-judged';
  }
  if (cell.outcome === 'wrong' && strategy.promisesExactness) {
    return 'promise-broken';
  }
  return cell.asExpected ? undefined : 'unexpected';
}
