import type { ComparisonReport } from '../comparison-report.ts';
import { faultId, strategyId, transactionsId } from './anchors.ts';
import { type Markup, markup } from './markup.ts';

export function guideSection({ transactions, strategies, faults }: ComparisonReport): Markup {
  return markup`<section class="guide" aria-labelledby="guide-title">
<h2 id="guide-title">What was compared</h2>
<div class="columns">
<div>
<h3>Strategies</h3>
<dl>${strategies.map(({ code, title, guard, promisesExactness }) =>
    definition(
      strategyId(code),
      { code, title },
      `${guard} ${promisesExactness ? 'Promises exactness under every fault.' : 'Does not promise exactness.'}`,
    ),
  )}</dl>
<h3>Batches</h3>
<dl>${transactions.map((each) => definition(transactionsId(each.code), each, each.description))}</dl>
</div>
<div>
<h3>Faults</h3>
<dl>${faults.map((each) => definition(faultId(each.code), each, each.description))}</dl>
</div>
</div>
</section>`;
}

function definition(
  id: string,
  { code, title }: { readonly code: string; readonly title: string },
  text: string,
): Markup {
  return markup`<div id="${id}"><dt>${title} <code>${code}</code></dt><dd>${text}</dd></div>`;
}
