import { type FaultKind, faultKinds } from '../src/faults/fault-kinds.ts';
import { find } from '../src/timeline/browser/mount-timeline.ts';
import { type Choice, hasAllFaults, SEED_MAX, strategyNames } from './choice.ts';

/** The form of the page. */
export interface ChoiceForm {
  show(choice: Choice): void;
  /** Says how a search goes; while it runs it can be cancelled. */
  showSearch(text: string, isRunning: boolean): void;
}

/** Makes the form answer. */
export function createChoiceForm(options: {
  readonly onChoice: (changed: Omit<Choice, 'step'>) => void;
  readonly onSearch: () => void;
  readonly onCancel: () => void;
}): ChoiceForm {
  const form = find(document, '#choice') as HTMLFormElement;
  const seed = find(form, '#seed') as HTMLInputElement;
  const boxes = [...form.querySelectorAll<HTMLInputElement>('[name=fault]')];
  const changed = (): void => {
    if (seed.reportValidity()) {
      options.onChoice(readForm(form, seed));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    changed();
  });
  form.addEventListener('change', changed);
  find(form, '#next').addEventListener('click', () => {
    seed.value = String(Math.min(SEED_MAX, (Number(seed.value) || 0) + 1));
    changed();
  });
  find(form, '#search').addEventListener('click', options.onSearch);
  find(form, '#cancel').addEventListener('click', options.onCancel);
  for (const button of form.querySelectorAll<HTMLElement>('[data-faults]')) {
    button.addEventListener('click', () => {
      for (const box of boxes) {
        box.checked = button.dataset['faults'] === 'all';
      }
      changed();
    });
  }
  return {
    show: (choice) => {
      for (const radio of form.querySelectorAll<HTMLInputElement>('[name=strategy]')) {
        radio.checked = radio.value === choice.strategy;
      }
      for (const box of boxes) {
        box.checked = choice.faults.some((kind) => kind === box.value);
      }
      seed.value = String(choice.seed);
      find(form, '#fault-count').textContent = faultText(choice.faults);
    },
    showSearch: (text, isRunning) => {
      find(form, '#status').textContent = text;
      find(form, '#cancel').hidden = !isRunning;
    },
  };
}

function readForm(form: HTMLFormElement, seed: HTMLInputElement): Omit<Choice, 'step'> {
  const data = new FormData(form);
  const faults = new Set(data.getAll('fault'));
  return {
    strategy: strategyNames.find((name) => name === data.get('strategy')) ?? 'none',
    faults: faultKinds.filter((kind) => faults.has(kind)),
    seed: Number(seed.value),
  };
}

function faultText(faults: readonly FaultKind[]): string {
  if (hasAllFaults(faults)) {
    return 'everything';
  }
  return faults.length === 0 ? 'nothing' : `${faults.length} of ${faultKinds.length} faults`;
}
