import { stripVTControlCharacters, styleText } from 'node:util';
import type { RuntimeEvent } from '@oncefold/local-runtime';
import { printable } from '../terminal/printable.ts';

const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'cyanBright', 'magentaBright'] as const;
const LINE_LENGTH_MAX = 20_000;

/**
 * Follows what the functions write, each with its name in a color of its own.
 *
 * @param options.functions - logical ids, in the order in which colours are given
 */
export function createLogFollower(options: {
  readonly functions: () => readonly string[];
  readonly colour: boolean;
  readonly write: (line: string) => void;
}): (event: RuntimeEvent) => void {
  const prefixes = new Map<string, string>();

  function prefixOf(functionId: string): string {
    const known = prefixes.get(functionId);
    if (known !== undefined) {
      return known;
    }
    const ids = options.functions();
    const width = Math.max(...ids.map((id) => id.length), functionId.length);
    const text = `${functionId.padEnd(width)} |`;
    const colour = colours[Math.max(0, ids.indexOf(functionId)) % colours.length] ?? colours[0];
    const prefix = options.colour ? styleText(colour, text, { validateStream: false }) : text;
    prefixes.set(functionId, prefix);
    return prefix;
  }

  return (event) => {
    if (event.type === 'log') {
      const text = stripVTControlCharacters(event.line).replaceAll('\t', '  ').slice(0, LINE_LENGTH_MAX);
      options.write(`${prefixOf(event.functionId)} ${printable(text)}`);
    } else if (event.type === 'function-reloaded') {
      options.write(`${prefixOf(event.functionId)} its code has changed: taken anew`);
    }
  };
}
