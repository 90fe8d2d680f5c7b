import type { Figure } from './figure.ts';

/**
 * Chooses figures by what was typed: a whole name means that figure alone, any other text all figures whose names begin so.
 *
 * @param texts - all figures unless there are some
 * @returns the figures, in their own order, and the texts that mean none
 */
export function chooseFigures<Named extends Pick<Figure, 'name'>>(
  figures: readonly Named[],
  texts: readonly string[],
): { readonly chosen: readonly Named[]; readonly unknown: readonly string[] } {
  const isMeant = (text: string, name: string): boolean =>
    figures.some((figure) => figure.name === text) ? name === text : name.startsWith(text);
  return {
    chosen:
      texts.length === 0 ? figures : figures.filter(({ name }) => texts.some((text) => isMeant(text, name))),
    unknown: texts.filter((text) => !figures.some(({ name }) => isMeant(text, name))),
  };
}
