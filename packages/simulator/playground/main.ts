/** Runs in the playground page. */
import { commitStage, commitStrategies, createTurn, runHistory } from '../src/index.ts';
import { find, type MountedTimeline, mountTimeline } from '../src/timeline/browser/mount-timeline.ts';
import { html } from '../src/timeline/html.ts';
import { createTimeline } from '../src/timeline/timeline.ts';
import { timelineHtml } from '../src/timeline/timeline-html.ts';
import { type Choice, commandOf, formatChoice, parseChoice, SEED_MAX } from './choice.ts';
import { type ChoiceForm, createChoiceForm } from './choice-form.ts';
import { findBreakingSeed } from './find-breaking-seed.ts';
import { strategyDescriptions } from './strategy-descriptions.ts';

/** Seeds that one search tries. */
const SEARCH_SEEDS_MAX = 20_000;

const turn = createTurn();
const root = find(document, '#timeline');
let choice = parseChoice(location.hash);
let mounted: MountedTimeline | undefined;
let shown = '';
let runs = 0;
let search: AbortController | undefined;

const form: ChoiceForm = createChoiceForm({
  onChoice: (changed) => choose({ ...choice, ...changed, step: undefined }),
  onSearch: () => void searchOn(),
  onCancel: () => search?.abort(),
});

addEventListener('popstate', () => {
  choice = parseChoice(location.hash);
  void render();
});
history.replaceState(null, '', formatChoice(choice));
void render();

/** Another choice is another entry of the browser's history. */
function choose(next: Choice): void {
  search?.abort();
  choice = next;
  if (formatChoice(choice) !== location.hash) {
    history.pushState(null, '', formatChoice(choice));
  }
  void render();
}

/** Makes the history of the choice and shows it. */
async function render(): Promise<void> {
  runs += 1;
  const run = runs;
  form.show(choice);
  const name = formatChoice({ ...choice, step: undefined });
  if (name === shown && mounted !== undefined) {
    mounted.show(choice.step ?? 1);
    return;
  }
  const { strategy, seed, faults } = choice;
  const title = `${strategyDescriptions[strategy].title}, seed ${seed}`;
  mounted?.unmount();
  mounted = undefined;
  root.innerHTML = html`<p class="eyebrow">${title}</p><p class="running">Running …</p>`.html;
  const result = await runHistory(
    commitStage(commitStrategies[strategy]),
    { seed, faults },
    { turn, isDetailed: true },
  );
  // Somebody may have chosen something else meanwhile.
  if (run !== runs) {
    return;
  }
  const timeline = createTimeline(result.history, result.violations);
  const step = choice.step ?? timeline.moments[0]?.step ?? 1;
  root.innerHTML = timelineHtml(
    timeline,
    {
      isPart: true,
      title,
      command: commandOf(choice),
    },
    step,
  ).html;
  mounted = mountTimeline(root, timeline, {
    step,
    // Each step in the history of the browser would bury the choice before.
    onStep: (current) => {
      choice = { ...choice, step: current };
      history.replaceState(null, '', formatChoice(choice));
    },
  });
  shown = name;
}

/** Looks for the next seed that breaks the strategy. */
async function searchOn(): Promise<void> {
  search?.abort();
  const own = new AbortController();
  search = own;
  const { strategy, faults, seed } = choice;
  const from = Math.min(seed + 1, SEED_MAX);
  const count = Math.min(SEARCH_SEEDS_MAX, SEED_MAX - from + 1);
  form.showSearch(`Trying seeds from ${from} …`, true);
  const result = await findBreakingSeed({
    strategy,
    faults,
    from,
    count,
    signal: own.signal,
    onProgress: (tried) => form.showSearch(`${tried} of ${count} seeds tried, all right so far`, true),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  });
  if (search !== own) {
    return;
  }
  search = undefined;
  switch (result.code) {
    case 'found':
      form.showSearch(`Seed ${result.seed} breaks it`, false);
      return choose({ ...choice, seed: result.seed, step: undefined });
    case 'none':
      return form.showSearch(`None of ${count} seeds from ${from} on breaks it`, false);
    case 'cancelled':
      return form.showSearch('', false);
  }
}
