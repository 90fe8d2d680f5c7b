/** Runs in a page that `timelinePage` has made. */
import type { History, Violation } from '../../history/history.ts';
import { createTimeline } from '../timeline.ts';
import { find, mountTimeline } from './mount-timeline.ts';

const data: { readonly history: History; readonly violations: readonly Violation[] } = JSON.parse(
  find(document, '#history').textContent ?? '',
);
const timeline = createTimeline(data.history, data.violations);
const first = timeline.moments[0]?.step ?? 1;

const stepInAddress = (): number =>
  Number(new URLSearchParams(location.hash.slice(1)).get('step') ?? '') || first;

const mounted = mountTimeline(find(document, '#timeline'), timeline, {
  step: stepInAddress(),
  // Each step in the history of the browser would bury the page before.
  onStep: (step) => history.replaceState(null, '', `#step=${step}`),
});
addEventListener('hashchange', () => mounted.show(stepInAddress()));
