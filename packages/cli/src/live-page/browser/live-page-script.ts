/** Runs in the page that `startLivePage` serves. */

/** As `PageContent`, with the run that it is about. */
interface Update {
  readonly run: string;
  readonly title: string;
  readonly announcement: string;
  readonly sections: Readonly<Record<string, string>>;
}

/** Attempts to connect again before the page gives up. */
const FAILURES_MAX = 100;

const source = new EventSource('events');
let run: string | undefined;
let failures = 0;

source.addEventListener('update', (event: MessageEvent<string>) => {
  const update: Update = JSON.parse(event.data);
  if (run !== undefined && update.run !== run) {
    // Another command has taken the port: its page may have other parts.
    location.reload();
    return;
  }
  run = update.run;
  failures = 0;
  document.title = update.title;
  for (const [id, text] of Object.entries(update.sections)) {
    const element = document.getElementById(id);
    if (element !== null) {
      // Made and escaped by the command.
      element.innerHTML = text;
    }
  }
  say('announcement', update.announcement);
  connection('on', 'Live');
});

source.addEventListener('ended', () => {
  source.close();
  connection('over', 'The command has ended. This is what it said last.');
});

source.addEventListener('error', () => {
  failures += 1;
  if (source.readyState === EventSource.CLOSED) {
    connection(
      'off',
      'The command refuses this page: too many are open. Close one, and load this one again.',
    );
  } else if (failures > FAILURES_MAX) {
    source.close();
    connection(
      'off',
      'The command has ended. This is what it said last; load the page again if it runs anew.',
    );
  } else {
    connection(
      'off',
      'No answer: the command has ended, or is being started anew. This is what it said last.',
    );
  }
});

function connection(state: 'on' | 'off' | 'over', text: string): void {
  const element = say('connection', text);
  if (element !== null) {
    element.className = `connection ${state}`;
  }
}

/** Leaves the same text alone: what is written anew is told anew. */
function say(id: string, text: string): HTMLElement | null {
  const element = document.getElementById(id);
  if (element !== null && element.textContent !== text) {
    element.textContent = text;
  }
  return element;
}
