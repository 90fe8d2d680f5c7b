import { type Html, html } from '@oncefold/simulator/page';
import { accountSection, quarantineSection, roundsSection } from './account-section.ts';
import { batchesSection } from './batches-section.ts';
import { flowSection } from './flow-section.ts';
import { headlineOf } from './headline.ts';
import type { PageView } from './page-view.ts';
import { faultsSection, stagesSection } from './stages-section.ts';
import { sumsNote, sumsSection } from './sums-section.ts';
import { outside } from './words.ts';

/** What one update says: the parts of the page by the id of their element. */
export interface PageContent {
  readonly title: string;
  /** For a screen reader, told when it is another one. */
  readonly announcement: string;
  readonly sections: Readonly<Record<string, string>>;
}

const sections: Readonly<Record<string, (view: PageView) => Html>> = {
  headline: (view) => {
    const { text, state } = headlineOf(view);
    return html`<span class="${state}">${text}</span>`;
  },
  facts: ({ told: { facts = [] } }) => html`${facts.map((fact) => ` · ${outside(fact)}`)}`,
  flow: flowSection,
  stages: stagesSection,
  faults: faultsSection,
  sums: sumsSection,
  'sums-note': sumsNote,
  account: accountSection,
  quarantine: quarantineSection,
  rounds: roundsSection,
  batches: batchesSection,
};

/** Renders everything that changes; the elements are made by `pageBody`. */
export function renderContent(view: PageView): PageContent {
  const { text, announcement } = headlineOf(view);
  return {
    title: `${text} – ${view.command}`,
    announcement,
    sections: Object.fromEntries(Object.entries(sections).map(([id, render]) => [id, render(view).html])),
  };
}

/** What of the content is new to somebody who has the content before. */
export function changedContent(content: PageContent, before: PageContent): PageContent {
  const changed = Object.entries(content.sections).filter(([id, text]) => before.sections[id] !== text);
  return { ...content, sections: Object.fromEntries(changed) };
}

/** Whether an update would change nothing. */
export function isUnchanged(content: PageContent, before: PageContent): boolean {
  const { sections: changed } = changedContent(content, before);
  return Object.keys(changed).length === 0 && content.title === before.title;
}
