import { NARROW, WIDE } from '../shapes.ts';
import { stateHtml } from '../state-html.ts';
import type { Step } from '../steps.ts';
import type { Timeline } from '../timeline.ts';
import { currentHtml, paneStyle, stepsHtml } from '../timeline-html.ts';

/** Steps that Page Up and Page Down go. */
const PAGE_STEPS = 10;

/** As in the style sheet. */
const NARROW_SCREEN = '(max-width: 40rem)';

/** A timeline that is on the page. */
export interface MountedTimeline {
  /** Shows a step; one that there is not is the nearest one that there is. */
  show(step: number): void;
  /** Takes no keys any more. */
  unmount(): void;
}

/**
 * Makes a timeline that is on the page answer to keys, buttons and clicks.
 *
 * @param root - holds what `timelineHtml` has made
 * @param onStep - told when somebody goes to another step, for the address
 */
export function mountTimeline(
  root: HTMLElement,
  timeline: Timeline,
  options: { readonly step: number; readonly onStep: (step: number) => void },
): MountedTimeline {
  const ended = new AbortController();
  const listening = { signal: ended.signal };
  const list = find(root, '.steps');
  const pane = find(root, '.pane');
  const narrow = matchMedia(NARROW_SCREEN);
  let shown = timeline.steps;
  let current = 0;

  const show = (step: number): void => {
    const next = Math.max(1, Math.min(timeline.steps.length, step));
    if (next !== current) {
      current = next;
      find(root, '.current').innerHTML = currentHtml(timeline, current).html;
      find(root, '.state').innerHTML = stateHtml(timeline, current).html;
    }
    markCurrent(list, current);
    scrollTo(pane, list.querySelector<HTMLElement>('.now'));
  };
  const draw = (): void => {
    const scale = narrow.matches ? NARROW : WIDE;
    pane.setAttribute('style', paneStyle(timeline, scale));
    list.innerHTML = stepsHtml(timeline, { steps: shown, current, scale })
      .map(({ html }) => html)
      .join('');
    show(current);
  };
  const go = (step: number): void => {
    show(step);
    options.onStep(current);
  };
  /** So many of the steps that are shown further on. */
  const move = (by: number): void => {
    const place = shown.findIndex(({ number }) => number >= current);
    const target = shown[Math.max(0, Math.min(shown.length - 1, (place < 0 ? shown.length : place) + by))];
    if (target !== undefined) {
      go(target.number);
    }
  };
  const moves: Readonly<Record<string, () => void>> = {
    first: () => move(-Infinity),
    previous: () => move(-1),
    next: () => move(1),
    last: () => move(Infinity),
    'page-up': () => move(-PAGE_STEPS),
    'page-down': () => move(PAGE_STEPS),
    moment: () => go(timeline.moments[0]?.step ?? current),
  };

  listenToKeys((name) => {
    moves[name]?.();
    refocus(list);
  }, listening);
  listenToClicks(root, { go, move: (name) => moves[name]?.() }, listening);
  listenToFilter(
    root,
    (records) => {
      shown = timeline.steps.filter((step) => isAbout(step, records));
      draw();
    },
    listening,
  );
  narrow.addEventListener('change', draw, listening);
  show(options.step);
  if (narrow.matches) {
    draw();
  }
  return { show, unmount: () => ended.abort() };
}

function listenToKeys(move: (name: string) => void, listening: { readonly signal: AbortSignal }): void {
  document.addEventListener(
    'keydown',
    (event) => {
      const name = moveOf(event);
      if (name !== undefined) {
        event.preventDefault();
        move(name);
      }
    },
    listening,
  );
}

function listenToClicks(
  root: HTMLElement,
  { go, move }: { readonly go: (step: number) => void; readonly move: (name: string) => void },
  listening: { readonly signal: AbortSignal },
): void {
  root.addEventListener(
    'click',
    (event) => {
      const target = event.target instanceof Element ? event.target : undefined;
      const step = target?.closest<HTMLElement>('[data-go], .step > a');
      if (step !== null && step !== undefined) {
        event.preventDefault();
        go(Number(step.dataset['go'] ?? step.parentElement?.dataset['step']));
      }
      move(target?.closest<HTMLElement>('[data-move]')?.dataset['move'] ?? '');
      void copy(target?.closest<HTMLElement>('[data-copy]'));
    },
    listening,
  );
}

/** Tells which records the steps are to be about; undefined: all steps are to be shown. */
function listenToFilter(
  root: HTMLElement,
  filter: (records: ReadonlySet<string> | undefined) => void,
  listening: { readonly signal: AbortSignal },
): void {
  root.addEventListener(
    'change',
    ({ target }) => {
      if (target instanceof HTMLInputElement && target.dataset['only'] !== undefined) {
        filter(target.checked ? new Set(target.dataset['only'].split(' ')) : undefined);
      }
    },
    listening,
  );
}

function isAbout(step: Step, records: ReadonlySet<string> | undefined): boolean {
  return records === undefined || step.records.some((record) => records.has(record));
}

/** What a key does; keys of fields, and keys with a modifier, are not ours. */
function moveOf(event: KeyboardEvent): string | undefined {
  const isField =
    event.target instanceof Element &&
    event.target.closest('select, input:not([type=checkbox]), textarea') !== null;
  if (isField || event.ctrlKey || event.metaKey || event.altKey) {
    return undefined;
  }
  const keys: Readonly<Record<string, string>> = {
    ArrowDown: 'next',
    ArrowRight: 'next',
    ArrowUp: 'previous',
    ArrowLeft: 'previous',
    PageDown: 'page-down',
    PageUp: 'page-up',
    Home: 'first',
    End: 'last',
    m: 'moment',
  };
  return keys[event.key];
}

function markCurrent(list: HTMLElement, current: number): void {
  for (const item of list.querySelectorAll<HTMLElement>('.now')) {
    setNow(item, false);
  }
  const item = list.querySelector<HTMLElement>(`[data-step="${current}"]`);
  if (item !== null) {
    setNow(item, true);
  }
}

function setNow(item: HTMLElement, isNow: boolean): void {
  item.classList.toggle('now', isNow);
  const link = item.querySelector('a');
  link?.setAttribute('tabindex', isNow ? '0' : '-1');
  if (isNow) {
    link?.setAttribute('aria-current', 'step');
  } else {
    link?.removeAttribute('aria-current');
  }
}

/** The focus goes along if it was on a step. */
function refocus(list: HTMLElement): void {
  if (list.contains(document.activeElement)) {
    list.querySelector<HTMLElement>('.now > a')?.focus({ preventScroll: true });
  }
}

/** Scrolls the list alone, so that the page stays where it is; with a few steps before and after. */
function scrollTo(pane: HTMLElement, item: HTMLElement | null): void {
  if (item === null) {
    return;
  }
  const head = pane.querySelector<HTMLElement>('.heads')?.offsetHeight ?? 0;
  const top = item.offsetTop - head;
  const margin = item.offsetHeight * 2;
  const height = pane.clientHeight - head;
  if (top < pane.scrollTop + margin || top + item.offsetHeight > pane.scrollTop + height - margin) {
    const isFar = top < pane.scrollTop - height || top > pane.scrollTop + 2 * height;
    const goal = isFar
      ? top - height / 2
      : top < pane.scrollTop + margin
        ? top - margin
        : top + item.offsetHeight - height + margin;
    pane.scrollTop = Math.max(0, goal);
  }
}

async function copy(button: HTMLElement | null | undefined): Promise<void> {
  const text = button?.dataset['copy'];
  if (button === null || button === undefined || text === undefined) {
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Not every browser lets a page from a file do so: select it, so that the keys of the system do.
    const code = button.parentElement?.querySelector('code');
    if (code) {
      getSelection()?.selectAllChildren(code);
    }
  }
}

/** An element that the markup has. */
export function find(root: ParentNode, selector: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector);
  if (element === null) {
    throw new Error(`invariant: the page has no ${selector}`);
  }
  return element;
}
