import { decode, encode } from '@jridgewell/sourcemap-codec';

/**
 * Leaves out of a source map what others wrote. Node.js parses the map at each start of a function, and nine tenths of it are of the
 * SDK: frames of it are then told by their place in the bundle.
 *
 * @param map - version 3, as text
 * @param isOwn - whether a source, as the map names it, is to stay
 * @returns the map as text
 * @see https://tc39.es/ecma426/
 */
export function ownSourceMap(map, isOwn) {
  const parsed = JSON.parse(map);
  const owns = parsed.sources.map(isOwn);
  const lines = decode(parsed.mappings).map((segments) => ownSegments(segments, owns));
  const sources = numberAnew(parsed.sources);
  const names = numberAnew(parsed.names);
  const mappings = lines.map((segments) =>
    segments.map(([column, source, ...place]) => {
      if (source === undefined) {
        return [column];
      }
      const [line, sourceColumn, name] = place;
      const named = name === undefined ? [] : [names.numberOf(name)];
      return [column, sources.numberOf(source), line, sourceColumn, ...named];
    }),
  );
  return JSON.stringify({
    ...parsed,
    sources: sources.used,
    names: names.used,
    mappings: encode(mappings),
  });
}

/** The segments of one line that map to own sources, and where each run of them ends. */
function ownSegments(segments, owns) {
  const isMapped = ([, source]) => source !== undefined && owns[source];
  return segments.flatMap((segment, index) => {
    if (isMapped(segment)) {
      return [segment];
    }
    const endsRun = index > 0 && isMapped(segments[index - 1]);
    return endsRun ? [[segment[0]]] : [];
  });
}

/** Gives what is used the next number. */
function numberAnew(values) {
  const numbers = new Map();
  const used = [];
  return {
    used,
    numberOf(before) {
      if (!numbers.has(before)) {
        numbers.set(before, used.push(values[before]) - 1);
      }
      return numbers.get(before);
    },
  };
}
