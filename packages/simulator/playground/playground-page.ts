import { faultDescriptions, faultKinds } from '../src/faults/fault-kinds.ts';
import type { StrategyName } from '../src/index.ts';
import { html } from '../src/timeline/html.ts';
import { pageHtml } from '../src/timeline/page-html.ts';
import { SEED_MAX, strategyNames } from './choice.ts';
import { playgroundStyles } from './playground-styles.ts';
import { strategyDescriptions } from './strategy-descriptions.ts';

/**
 * The page in which the simulator runs.
 *
 * @param script - `main.ts`, bundled
 * @param home - address of the page that it is a part of; undefined: it stands alone
 */
export function playgroundPage(script: string, home?: string): string {
  return pageHtml({
    title: 'Oncefold playground: break a strategy',
    styles: playgroundStyles,
    script,
    body: html`
<main>
  <header class="intro">
    ${home === undefined ? html`` : html`<p><a href="${home}">Oncefold</a></p>`}
    <h1 class="name">Break a strategy</h1>
    <p>A Lambda function reads records from a stream and adds each one to sums in DynamoDB. Lambda may deliver a record more than once, requests get lost, sandboxes die. Each record should count once all the same. Everything here is simulated, in this page: the same seed is the same history, to the byte.</p>
  </header>
  <form id="choice" class="choice">
    <fieldset class="strategies"><legend>What keeps a record from counting twice</legend>
      ${strategyNames.map(
        (name: StrategyName) =>
          html`<label><input type="radio" name="strategy" value="${name}"> <span><b>${strategyDescriptions[name].title}</b> <small>${strategyDescriptions[name].text}</small></span></label>`,
      )}
      <p class="none">Powertools Idempotency is not here: its library reads the machine’s own clock and Node’s MD5, so that in a browser it would neither run nor repeat a history.</p>
    </fieldset>
    <details class="faults"><summary>What may go wrong: <span id="fault-count">everything</span></summary>
      <p class="fault-buttons"><button type="button" data-faults="all">All</button> <button type="button" data-faults="none">None</button></p>
      <ul>${faultKinds.map((kind) => html`<li><label><input type="checkbox" name="fault" value="${kind}"> <span>${faultDescriptions[kind]} <code>${kind}</code></span></label></li>`)}</ul>
    </details>
    <div class="seeds">
      <label>Seed <input id="seed" name="seed" type="number" inputmode="numeric" min="0" max="${SEED_MAX}" step="1" required></label>
      <button type="button" id="next">Next seed</button>
      <button type="button" id="search" class="primary">Next seed that breaks</button>
      <button type="button" id="cancel" hidden>Cancel</button>
      <p id="status" role="status"></p>
    </div>
  </form>
  <div id="timeline"></div>
  <noscript><p>The simulator is JavaScript: without it this page has nothing to show.</p></noscript>
</main>`,
  });
}
