import { type Html, html } from '@oncefold/simulator/page';
import { outside } from './words.ts';

/** Which parts a page has. */
export interface PageParts {
  /** Such as `oncefold demo`. */
  readonly command: string;
  /** Whether sums, account and quarantine of the pipeline are known. */
  readonly hasTables: boolean;
  readonly hasRounds: boolean;
}

/** The elements of the page; what changes is put into those that have an id. */
export function pageBody({ command, hasTables, hasRounds }: PageParts): Html {
  return html`
<main class="live">
<header class="verdict">
<p class="eyebrow">${outside(command)}<span id="facts"></span></p>
<h1 id="headline" class="headline">Connecting</h1>
<p id="connection" role="status" class="connection">Connecting to the command</p>
<p id="announcement" class="unseen" aria-live="polite"></p>
<noscript><p>This page shows what happens while it happens, which needs JavaScript.</p></noscript>
</header>
<section aria-labelledby="flow-title"><h2 id="flow-title">Pipeline</h2><ol id="flow" class="flow"></ol></section>
${hasRounds ? section('rounds', 'Rounds', html`<ol id="rounds" class="rounds"></ol>`) : undefined}
<div class="columns">
<div>${section('stages', 'Stages', html`${stagesTable}<div id="faults" class="faults"></div>`)}</div>
${hasTables ? section('account', 'Account', html`<div id="account"></div>`) : undefined}
</div>
<div class="columns">
${hasTables ? tablesSections() : undefined}
${section('batches', 'Last batches', table({ id: 'batches', label: 'The last batches, the newest first', head: headRow(['ended', 'stage', 'records', 'took', 'outcome', 'detail']), isTall: true }))}
</div>
</main>`;
}

const stagesTable = table({
  id: 'stages',
  label: 'What each stage has done',
  head: html`<tr><th scope="col" rowspan="2">stage</th><th scope="col" rowspan="2">records</th><th scope="col" rowspan="2">batches</th><th scope="colgroup" colspan="2">failed</th><th scope="colgroup" colspan="2">redelivered</th><th scope="col" rowspan="2">given up</th></tr><tr><th scope="col">induced</th><th scope="col">other</th><th scope="col">induced</th><th scope="col">other</th></tr>`,
});

function tablesSections(): Html {
  const sums = table({
    id: 'sums',
    label: 'Every sum against what it must be',
    head: headRow(['aggregate key', 'verdict', 'expected', 'actual', 'difference']),
  });
  const quarantine = table({
    id: 'quarantine',
    label: 'Quarantined records, the newest first',
    head: headRow([
      'first seen by this page',
      'id for redrive, and of the record',
      'consumer',
      'reason',
      'detail',
      'bytes',
    ]),
  });
  return html`<div>${section('sums', 'Sums', html`<div id="sums-note"></div>${sums}`)}${section('quarantine', 'Quarantine', quarantine)}</div>`;
}

function section(id: string, title: string, content: Html): Html {
  return html`<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}

function headRow(titles: readonly string[]): Html {
  return html`<tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr>`;
}

/** It scrolls by itself where the screen is narrow, by keyboard, too. */
function table(options: {
  readonly id: string;
  readonly label: string;
  readonly head: Html;
  /** It may have so many rows that it scrolls down, too. */
  readonly isTall?: boolean;
}): Html {
  const { id, label, head, isTall = false } = options;
  return html`<div class="scroll${isTall ? ' tall' : ''}" role="region" aria-label="${label}" tabindex="0"><table class="${id}"><thead>${head}</thead><tbody id="${id}"></tbody></table></div>`;
}
