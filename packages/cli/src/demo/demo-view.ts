import { formatCount, formatCounted, formatSeconds } from '@oncefold/comparison/format-number';
import { outcomes } from '@oncefold/trades';
import { faultsView } from '../pipeline/faults-view.ts';
import { stageName } from '../pipeline/progress-view.ts';
import { sumsView, sumToJson } from '../sums/sums-view.ts';
import { formatTable } from '../terminal/format-table.ts';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { DemoResult, StageResult } from './demo-result.ts';

/** Shows what a demonstration found. */
export function demoView(result: DemoResult, palette: Palette): string {
  return [
    sumsView(result.sums, palette),
    '',
    accountingView(result, palette),
    '',
    stagesView(result),
    ...errorsOf(result).map((line) => palette.bad(line)),
    '',
    timeView(result),
    '',
    ...(result.injectedFaults === undefined ? [] : [faultsView(result.injectedFaults, palette), '']),
    verdictView(result, palette),
  ].join('\n');
}

function accountingView({ accounting }: DemoResult, palette: Palette): string {
  const parts = outcomes.map((outcome) => `${formatCount(accounting[outcome])} ${outcome}`);
  const sign = accounting.closes ? '=' : '≠';
  const line = `${formatCount(accounting.sent)} sent ${sign} ${parts.join(' + ')}`;
  return [
    accounting.closes ? line : palette.bad(line),
    ...accounting.impossible.map((problem) => palette.bad(`impossible: ${problem}`)),
  ].join('\n');
}

/** `induced` and `other` are failed batches, `again` those that were redelivered; `took` is from first to last commit. */
function stagesView(result: DemoResult): string {
  const row = (stage: StageResult): string[] => [
    stageName(stage),
    formatCount(stage.records),
    formatCount(stage.batches),
    formatCount(stage.inducedFailures),
    formatCount(stage.failures - stage.inducedFailures),
    formatCount(stage.retries),
    durationOf(stage),
    perMessage(stage.cpuSeconds, result.settings.messages),
  ];
  const titles = ['records', 'batches', 'induced', 'other', 'again', 'took', 'CPU each'];
  return formatTable(
    [{ title: 'stage', align: 'left' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    result.stages.map(row),
  );
}

function errorsOf(result: DemoResult): readonly string[] {
  return result.stages.flatMap((stage) =>
    stage.lastError === undefined
      ? []
      : [`last failure of ${stageName(stage)}: ${printable(stage.lastError)}`],
  );
}

function timeView({ settings, time, cpu }: DemoResult): string {
  const exact =
    time.exactAfterMs === undefined
      ? 'never exact'
      : `exact ${formatSeconds(time.exactAfterMs)} after the last put`;
  const other = `this command ${cpu.commandSeconds.toFixed(1)} s, engines ${cpu.enginesSeconds.toFixed(1)} s`;
  return [
    `time  started in ${formatSeconds(time.startMs)}, sent in ${formatSeconds(time.sendMs)}, ${exact}`,
    `CPU   functions ${perMessage(cpu.functionsSeconds, settings.messages)} a message (${cpu.functionsSeconds.toFixed(1)} s); ${other}`,
  ].join('\n');
}

/** Says in one line what a demonstration found. */
export function verdictView(result: DemoResult, palette: Palette): string {
  const { settings, sums, stages, accounting } = result;
  const wrong = sums.filter((sum) => sum.difference !== 0n).length;
  const strategies = Object.entries(settings.strategies).map(
    ([functionId, strategy]) => `, ${stageName({ functionId })} ${strategy}`,
  );
  const how = `seed ${settings.seed}${strategies.join('')}`;
  const failures = stages.reduce((sum, stage) => sum + stage.failures, 0);
  const faults = `${formatCounted(failures, 'failed batch', 'failed batches')} on the way`;
  switch (result.verdict) {
    case 'exact':
      return palette.good(`EXACT: all ${sums.length} sums are exact, ${faults} (${how})`);
    case 'wrong':
      return palette.bad(
        `WRONG: ${accounting.impossible.length > 0 ? 'impossible outcomes, ' : ''}${wrong} of ${sums.length} sums are wrong, ${faults} (${how})`,
      );
    case 'not finished': {
      const missing = accounting.sent - outcomes.reduce((sum, outcome) => sum + accounting[outcome], 0);
      const what =
        missing === 0
          ? 'records still on their way'
          : `${formatCounted(missing, 'message')} not accounted for`;
      return palette.bad(
        `NOT FINISHED: the time was up with ${what} and ${wrong} of ${sums.length} sums not exact (${how})`,
      );
    }
  }
}

function durationOf(stage: StageResult): string {
  if (stage.firstCommitAt === undefined || stage.lastCommitAt === undefined) {
    return '–';
  }
  return formatSeconds(stage.lastCommitAt - stage.firstCommitAt);
}

function perMessage(seconds: number, messages: number): string {
  return `${((seconds * 1000) / messages).toFixed(3)} ms`;
}

/** Puts what a demonstration found into a form for programs. */
export function demoToJson(result: DemoResult): unknown {
  return { ...result, sums: result.sums.map(sumToJson) };
}
