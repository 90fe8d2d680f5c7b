import type { ComparisonReport } from '../comparison-report.ts';
import { faultId, strategyId, transactionsId } from './anchors.ts';
import { type Markup, markup } from './markup.ts';

export function guideSection({ transactions, strategies, faults }: ComparisonReport): Markup {
  return markup`<section class="guide" aria-labelledby="guide-title">
<h2 id="guide-title">What was compared</h2>
<div class="columns">
<div>
<h3>Strategies</h3>
<dl>${strategies.map(
    ({ code, title, guard, promisesExactness }) =>
      markup`<div id="${strategyId(code)}"><dt>${title} <code>${code}</code></dt><dd>${guard} ${promisesExactness ? 'Promises exactness under every fault.' : 'Does not promise exactness.'}</dd></div>`,
  )}</dl>
<h3>Batches</h3>
<dl>${transactions.map(
    ({ code, title, description }) =>
      markup`<div id="${transactionsId(code)}"><dt>${title} <code>${code}</code></dt><dd>${description}</dd></div>`,
  )}</dl>
</div>
<div>
<h3>Faults</h3>
<dl>${faults.map(
    ({ code, title, description }) =>
      markup`<div id="${faultId(code)}"><dt>${title} <code>${code}</code></dt><dd>${description}</dd></div>`,
  )}</dl>
</div>
</div>
</section>`;
}
