import { styleText } from 'node:util';

/** How text is coloured; each function returns its text unchanged where colour is not wanted. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** Creates the colours for an output. */
export function createPalette(colour: boolean): Palette {
  type Format = Parameters<typeof styleText>[0];
  const style = (format: Format) => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return {
    good: style('green'),
    bad: style('red'),
    warning: style('yellow'),
    strong: style('bold'),
    faint: style('dim'),
  };
}

/** Decides whether an output takes colours. */
export function takesColour(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
