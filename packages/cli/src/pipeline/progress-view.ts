import { formatCount, formatCounted, formatSeconds } from '@oncefold/comparison/format-number';
import type { Palette } from '../terminal/palette.ts';
import { printable } from '../terminal/printable.ts';
import type { StageProgress } from './stage-progress.ts';

/** What is known while the messages go through. */
export interface ProgressSnapshot {
  /** First line, if any. */
  readonly headline?: string;
  readonly elapsedMs: number;
  /** Messages to be sent; absent when others send them. */
  readonly messages: number | undefined;
  /** Messages that Kinesis has accepted so far. */
  readonly sent: number;
  readonly stages: readonly StageProgress[];
}

const BAR_WIDTH = 24;

/** Shows how far the messages are, for a terminal that is drawn anew each time. */
export function progressView(snapshot: ProgressSnapshot, palette: Palette): string {
  const width = Math.max(4, ...snapshot.stages.map((stage) => stageName(stage).length));
  const lines = snapshot.stages.map(
    (stage) => `  ${palette.strong(stageName(stage).padEnd(width))}  ${describeStage(stage, palette)}`,
  );
  return [
    ...(snapshot.headline === undefined ? [] : [`  ${palette.strong(snapshot.headline)}`]),
    `  ${palette.strong('sent'.padEnd(width))}  ${describeSent(snapshot, palette)}`,
    ...lines,
    palette.faint(`  ${'time'.padEnd(width)}  ${formatSeconds(snapshot.elapsedMs)}`),
  ].join('\n');
}

/** Shows how far the messages are, as lines for an output that keeps what was written. */
export function progressLines(
  snapshot: ProgressSnapshot,
  before: ProgressSnapshot | undefined,
  palette: Palette,
): readonly string[] {
  const time = formatSeconds(snapshot.elapsedMs).padStart(8);
  const lines: string[] = [];
  if (snapshot.sent !== (before?.sent ?? 0)) {
    lines.push(`${time}  sent    ${countSent(snapshot)}`);
  }
  for (const [index, stage] of snapshot.stages.entries()) {
    const text = describeStage(stage, palette);
    const earlier = before?.stages[index];
    const changed = earlier === undefined ? isStarted(stage) : text !== describeStage(earlier, palette);
    if (changed) {
      lines.push(`${time}  ${stageName(stage).padEnd(6)}  ${text}`);
    }
  }
  return lines;
}

export function stageName(stage: Pick<StageProgress, 'functionId'>): string {
  const name = stage.functionId.replace(/Function$/, '');
  return name === '' ? stage.functionId : name.charAt(0).toLowerCase() + name.slice(1);
}

function describeSent(snapshot: ProgressSnapshot, palette: Palette): string {
  if (snapshot.messages === undefined) {
    return countSent(snapshot);
  }
  const share = snapshot.messages === 0 ? 1 : snapshot.sent / snapshot.messages;
  const filled = Math.min(BAR_WIDTH, Math.floor(share * BAR_WIDTH));
  const bar = '━'.repeat(filled) + palette.faint('─'.repeat(BAR_WIDTH - filled));
  return `${bar}  ${countSent(snapshot)}`;
}

function countSent({ sent, messages }: ProgressSnapshot): string {
  return messages === undefined
    ? formatCounted(sent, 'message')
    : `${formatCount(sent)} of ${formatCounted(messages, 'message')}`;
}

function describeStage(stage: StageProgress, palette: Palette): string {
  const parts = [formatCounted(stage.records, 'record'), formatCounted(stage.batches, 'batch', 'batches')];
  if (stage.failures > 0) {
    const induced =
      stage.inducedFailures > 0 ? `, ${formatCount(stage.inducedFailures)} of them induced` : '';
    parts.push(palette.warning(`${formatCounted(stage.failures, 'failure')}${induced}`));
  }
  if (stage.lastError !== undefined) {
    parts.push(palette.bad(printable(stage.lastError).slice(0, 120)));
  }
  return parts.join(', ');
}

function isStarted(stage: StageProgress): boolean {
  return stage.batches > 0 || stage.failures > 0;
}
