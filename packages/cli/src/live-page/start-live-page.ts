import { createHash } from 'node:crypto';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import type { Application } from '@oncefold/sam-template';
import { compileScript, pageHtml } from '@oncefold/simulator/page';
import type { CommandContext } from '../command-line/command.ts';
import type { PipelineOptions } from '../pipeline/pipeline-options.ts';
import type { Pipeline } from '../pipeline/start-pipeline.ts';
import { openInBrowser } from '../terminal/open-in-browser.ts';
import { livePageStyles } from './content/live-page-styles.ts';
import { pageBody } from './content/page-body.ts';
import type { Conclusion, Told } from './content/page-view.ts';
import { type FeedSettings, LiveFeed } from './live-feed.ts';
import { PageClients } from './server/page-clients.ts';
import { startPageServer } from './server/page-server.ts';
import type { SumsSource } from './tables/sums-source.ts';

/** A page that shows a running application to whoever opens it on this machine. */
export interface LivePage {
  readonly address: string;
  /** Says which functions there will be. */
  begin(application: Application): void;
  /** Takes each event of the running application. */
  note(event: RuntimeEvent): void;
  /** Shows what the functions of an application that runs have not done. */
  watch(pipeline: Pipeline): void;
  /** Shows what the tables of the pipeline say, and compares the sums with these from now on. */
  compareWith(source: SumsSource): void;
  /** Tells what only the command knows; what was told before and is not told again stays. */
  tell(told: Told): void;
  /** Looks at the tables once more and says how it ended. */
  conclude(conclusion: Conclusion): Promise<void>;
}

/** Time between two updates, in milliseconds. */
const UPDATE_EVERY_MS = 500;

interface LivePageSettings extends FeedSettings {
  readonly options: Pick<PipelineOptions, 'open' | 'port'>;
  readonly hasRounds?: boolean;
}

/**
 * Serves the page and opens it in the browser, where `--open` asks for it.
 *
 * @returns nothing where nobody asked for it
 * @throws {@link CouldNotRunError} when the port is taken
 */
export async function startLivePage(
  settings: LivePageSettings,
  { terminal, lifetime }: CommandContext,
): Promise<LivePage | undefined> {
  if (settings.options.open !== true) {
    return undefined;
  }
  const clients = new PageClients();
  const feed = new LiveFeed(settings, clients);
  const server = await startPageServer({
    ...document(settings),
    port: settings.options.port ?? 0,
    clients,
    onOpened: () => feed.turn(),
  });
  const timer = setInterval(() => feed.turn(), UPDATE_EVERY_MS);
  // What is being stopped has nothing new to say.
  lifetime.signal.addEventListener('abort', () => feed.freeze(), { once: true });
  lifetime.onEnd(async () => {
    clearInterval(timer);
    feed.end();
    await server.close();
  });
  const { address } = server;
  terminal.note((await openInBrowser(address)) ? `opened ${address}` : `open ${address} in a browser`);
  return {
    address,
    begin: (application) => feed.begin(application),
    note: (event) => feed.board.note(event),
    tell: (told) => feed.tell(told),
    watch(pipeline) {
      // Stopped before the pipeline is.
      lifetime.onEnd(async () => feed.freeze());
      feed.watch(pipeline);
    },
    compareWith: (source) => feed.compareWith(source, lifetime.signal),
    conclude: (conclusion) => feed.conclude(conclusion),
  };
}

/** The document and the policy under which it may ask for its own events and for nothing else. */
function document({ command, isPipeline, hasRounds = false }: LivePageSettings): {
  readonly page: string;
  readonly policy: string;
} {
  const script = compileScript(new URL('browser/live-page-script', import.meta.url));
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const body = pageBody({ command, hasTables: isPipeline, hasRounds });
  const page = pageHtml({ title: command, styles: livePageStyles, body, script, policy });
  return { page, policy: `${policy}; frame-ancestors 'none'` };
}
