import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Longest time until a browser is up, until it answers, and until something comes true, in milliseconds. */
const START_MS_MAX = 30_000;
const ANSWER_MS_MAX = 60_000;
const POLL_MS = 25;

/** The browser of this machine: `CHROMIUM` or the first of the usual names on the path; undefined: it has none. */
export function findChromium(): string | undefined {
  const { CHROMIUM: named, PATH: path = '' } = process.env;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(named === undefined ? [] : [named]), ...candidates].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A running browser without a window. */
export interface Browser {
  open(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly media?: 'screen' | 'print';
}

/** A page of it, driven by the DevTools protocol. */
export interface Page {
  /** Errors, warnings and refusals that the page has reported. */
  readonly complaints: readonly string[];
  /** Everything that it has asked for. */
  readonly requests: readonly string[];
  goto(url: string): Promise<void>;
  /** Clicks the link that a selector finds, and waits until the page that it leads to has loaded. */
  follow(selector: string): Promise<void>;
  /** The value of an expression, promises awaited. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Waits until an expression is true: a minute at most, unless it is told otherwise. */
  waitFor(expression: string, waitMsMax?: number): Promise<void>;
  press(key: string): Promise<void>;
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

type Parameters = Readonly<Record<string, unknown>>;
type Listener = (method: string, parameters: Parameters) => void;

/** Starts the browser. */
export async function startChromium(executable: string): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'oncefold-chromium-'));
  const child = spawn(
    executable,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-extensions',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${folder}`,
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const connection = await connect(await addressOf(child, folder));
    return {
      open: (options) => openPage(connection, options ?? {}),
      close: async () => {
        connection.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(child: ChildProcess, folder: string): Promise<string> {
  const file = join(folder, 'DevToolsActivePort');
  for (let waited = 0; waited < START_MS_MAX; waited += POLL_MS) {
    const [port, path] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (port !== undefined && path !== undefined) {
      return `ws://127.0.0.1:${port}${path}`;
    }
    if (child.exitCode !== null) {
      throw new Error(`chromium ended with ${child.exitCode}`);
    }
    await wait(POLL_MS);
  }
  throw new Error(`chromium was not up after ${START_MS_MAX} ms`);
}

interface Connection {
  send(method: string, parameters: Parameters, session?: string): Promise<Parameters>;
  listen(session: string, listener: Listener): void;
  close(): void;
}

async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address);
  const waiting = new Map<
    number,
    { resolve: (result: Parameters) => void; reject: (error: Error) => void }
  >();
  const listeners = new Map<string, Listener>();
  let calls = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, result, error, sessionId } = JSON.parse(String(data));
    const call = waiting.get(id);
    waiting.delete(id);
    if (error !== undefined) {
      call?.reject(new Error(error.message));
    } else {
      call?.resolve(result);
    }
    if (method !== undefined) {
      listeners.get(sessionId)?.(method, params);
    }
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`no connection to ${address}`)), { once: true });
  });
  return {
    listen: (session, listener) => void listeners.set(session, listener),
    close: () => socket.close(),
    send: (method, params, sessionId) => {
      calls += 1;
      const id = calls;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_MS_MAX);
        waiting.set(id, {
          resolve: (result) => {
            clearTimeout(timer);
            resolve(result);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        socket.send(JSON.stringify({ id, method, params, sessionId }));
      });
    },
  };
}

async function openPage(connection: Connection, options: PageOptions): Promise<Page> {
  const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, parameters: Parameters = {}): Promise<Parameters> =>
    connection.send(method, parameters, session);
  const complaints: string[] = [];
  const requests: string[] = [];
  let onLoad: (() => void) | undefined;
  connection.listen(session, (method, parameters) => {
    if (method === 'Page.loadEventFired') {
      onLoad?.();
    }
    note(method, parameters, { complaints, requests });
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) {
    await send(`${domain}.enable`);
  }
  const { width = 1280, height = 900, colorScheme = 'light', media = 'screen' } = options;
  await send('Emulation.setDeviceMetricsOverride', {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: width < 600,
  });
  await send('Emulation.setEmulatedMedia', {
    media,
    features: [{ name: 'prefers-color-scheme', value: colorScheme }],
  });
  const loadAfter = async (leave: () => Promise<unknown>): Promise<void> => {
    const { promise: loaded, resolve, reject } = Promise.withResolvers<void>();
    onLoad = resolve;
    const timer = setTimeout(
      () => reject(new Error(`no page had loaded after ${ANSWER_MS_MAX} ms`)),
      ANSWER_MS_MAX,
    );
    try {
      await Promise.all([leave(), loaded]);
    } finally {
      clearTimeout(timer);
    }
  };
  const page: Page = {
    complaints,
    requests,
    goto: (url) => loadAfter(() => send('Page.navigate', { url })),
    // The click comes after the answer: a page that is being left answers nothing, and an expression in it may fail.
    follow: (selector) =>
      loadAfter(() =>
        page.evaluate(`(() => {
          const link = document.querySelector(${JSON.stringify(selector)});
          if (!(link instanceof HTMLAnchorElement)) throw new Error('no link');
          setTimeout(() => link.click());
        })()`),
      ),
    evaluate: async (expression) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails !== undefined) {
        throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
      }
      return (result as { value: never }).value;
    },
    waitFor: async (expression, waitMsMax = ANSWER_MS_MAX) => {
      for (let waited = 0; waited < waitMsMax; waited += POLL_MS) {
        if (await page.evaluate(expression)) {
          return;
        }
        await wait(POLL_MS);
      }
      throw new Error(`not true after ${waitMsMax} ms: ${expression}`);
    },
    press: async (key) => {
      await send('Input.dispatchKeyEvent', {
        type: 'keyDown',
        key,
        code: key,
        windowsVirtualKeyCode: KEY_CODES[key] ?? 0,
      });
      await send('Input.dispatchKeyEvent', {
        type: 'keyUp',
        key,
        code: key,
        windowsVirtualKeyCode: KEY_CODES[key] ?? 0,
      });
    },
    screenshot: async () => {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
    close: async () => {
      await connection.send('Target.closeTarget', { targetId });
    },
  };
  return page;
}

const KEY_CODES: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  m: 77,
};

function note(
  method: string,
  parameters: Parameters,
  { complaints, requests }: { readonly complaints: string[]; readonly requests: string[] },
): void {
  switch (method) {
    case 'Runtime.exceptionThrown':
      complaints.push(JSON.stringify(parameters['exceptionDetails']));
      return;
    case 'Runtime.consoleAPICalled':
      complaints.push(`console.${String(parameters['type'])}: ${JSON.stringify(parameters['args'])}`);
      return;
    case 'Log.entryAdded':
      complaints.push(JSON.stringify(parameters['entry']));
      return;
    case 'Network.requestWillBeSent':
      requests.push(String((parameters['request'] as { readonly url: string }).url));
      return;
  }
}
