import type { ComparisonReport } from '../comparison-report.ts';
import { describeRun } from '../describe-run.ts';
import { faultCodes, stageCodes, strategyCodes, transactionsCodes } from '../descriptions.ts';
import { type Markup, markup } from './markup.ts';

/** Absent where everything was measured. */
export function modelledSection({ modelled }: ComparisonReport): Markup | undefined {
  if (modelled.length === 0) {
    return undefined;
  }
  return markup`<section class="modelled" aria-labelledby="modelled-title">
<h2 id="modelled-title">Modelled, not measured</h2>
<ul>${modelled.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
</section>`;
}

export function runSection(report: ComparisonReport): Markup {
  return markup`<section class="run" aria-labelledby="run-title">
<h2 id="run-title">This run</h2>
<dl>${describeRun(report).map(({ term, text }) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
<h3>Run it again</h3>
<p>With the same parameters, input and faults are the same; times are not. Every cell shows the command that runs it alone. The
whole comparison:</p>
<pre><code>${replayOf(report)}</code></pre>
</section>`;
}

/** Defaults are left out, except that without overheads the faults are named: then none are measured. */
function replayOf({ parameters, overheads }: ComparisonReport): string {
  const { seed, messages, quick, stages, transactions, strategies, faults } = parameters;
  return [
    'npm run oncefold -- compare',
    ...(stages.length === stageCodes.length ? [] : stages.map((stage) => `--stage ${stage}`)),
    ...(transactions.length === transactionsCodes.length
      ? []
      : transactions.map((count) => `--transactions ${count}`)),
    ...(strategies.length === strategyCodes.length ? [] : [`--strategies ${strategies.join(',')}`]),
    ...(faults.length === faultCodes.length && overheads.length > 0 ? [] : [`--faults ${faults.join(',')}`]),
    `--seed ${seed} --messages ${messages}`,
    ...(quick ? ['--quick'] : []),
  ].join(' ');
}
