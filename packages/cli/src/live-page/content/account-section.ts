import { formatCount, formatCounted } from '@oncefold/comparison/format-number';
import { type Html, html } from '@oncefold/simulator/page';
import { outcomes } from '@oncefold/trades';
import type { PageView, QuarantinedView } from './page-view.ts';
import { outside, outsideName, timeOfDay } from './words.ts';

/** What became of every message. */
export function accountSection({ tables, told }: PageView): Html {
  const accounting = tables?.accounting;
  if (accounting === undefined) {
    return html`<p class="none">Nothing is accounted for yet.</p>`;
  }
  const total = outcomes.reduce((sum, outcome) => sum + accounting[outcome], 0);
  const { messages } = told;
  const closes = messages === undefined || messages === total;
  const left = closes
    ? html`<b>${formatCount(total)}</b> ${messages === undefined ? 'processed' : 'sent'} =`
    : html`<b>${formatCount(total)}</b> of <b>${formatCount(messages)}</b> messages accounted for so far =`;
  const parts = outcomes.map(
    (outcome, index) =>
      html`${index === 0 ? '' : ' + '}<span class="part ${outcome}"><b>${formatCount(accounting[outcome])}</b> ${outcome}</span>`,
  );
  return html`<p class="account">${left} ${parts}</p>`;
}

/** What waits in quarantine, and why. */
export function quarantineSection({ tables }: PageView): Html {
  const { count = 0, isMore = false, newest = [] } = tables?.quarantined ?? {};
  if (count === 0) {
    const what = isMore
      ? 'Nothing that was read waits in quarantine; there is more in the table.'
      : 'Nothing waits in quarantine.';
    return html`<tr><td colspan="6" class="none">${what}</td></tr>`;
  }
  const hidden = count - newest.length;
  return html`${newest.map(quarantinedRow)}${
    hidden > 0 || isMore
      ? html`<tr><td colspan="6" class="none">and ${formatCounted(hidden, 'other record')}${isMore ? ' or more' : ''} in the table</td></tr>`
      : undefined
  }`;
}

function quarantinedRow({ seenAt, id, consumer, reason, detail, recordId, bytes }: QuarantinedView): Html {
  return html`<tr><td class="when">${timeOfDay(seenAt)}</td><td><code>${id}</code><br><span class="record" title="${outside(recordId)}">${outsideName(recordId)}</span></td><td>${outside(consumer)}</td><td><code>${outside(reason)}</code></td><td class="cause">${outside(detail)}</td><td class="number">${outside(bytes)}</td></tr>`;
}

/** Rounds of the workshop, the newest first. */
export function roundsSection({ told: { rounds = [] } }: PageView): Html {
  return rounds.length === 0
    ? html`<li class="none">No round is over yet.</li>`
    : html`${rounds
        .toReversed()
        .map(
          ({ number, verdict, isGood, detail }) =>
            html`<li><b>Round ${number}</b> <span class="chip ${isGood ? 'exact' : 'wrong'}">${outside(verdict)}</span> ${outside(detail)}</li>`,
        )}`;
}
