const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...DIGITS].map((digit, value) => [digit, value]));

/**
 * Leaves out of a source map what others wrote. Node.js parses the map at each start of a function, and nine tenths of it are of the
 * SDK: frames of it are then told by their place in the bundle.
 *
 * @param map - version 3, as text
 * @param isOwn - whether a source, as the map names it, is to stay
 * @returns the map as text; its sources keep their numbers, those that are left out are empty
 * @see https://tc39.es/ecma426/
 */
export function ownSourceMap(map, isOwn) {
  const parsed = JSON.parse(map);
  const owns = parsed.sources.map(isOwn);
  const from = { source: 0, line: 0, column: 0, name: 0 };
  const to = { source: 0, line: 0, column: 0, name: 0 };
  const names = [];
  const numbers = new Map();
  const numberOf = (name) => {
    if (!numbers.has(name)) {
      numbers.set(name, names.push(parsed.names[name]) - 1);
    }
    return numbers.get(name);
  };

  function mappingsOf(line) {
    let [column, written] = [0, 0];
    // Whether what comes next in the line belongs to an own source by what is written so far.
    let isMapped = false;
    const segments = [];
    for (const text of line === '' ? [] : line.split(',')) {
      const [columns, sources, lines = 0, sourceColumns = 0, name] = decode(text);
      column += columns;
      from.source += sources ?? 0;
      from.line += lines;
      from.column += sourceColumns;
      from.name += name ?? 0;
      const isWanted = sources !== undefined && owns[from.source];
      if (isWanted) {
        const target = name === undefined ? to.name : numberOf(from.name);
        const fields = [from.source - to.source, from.line - to.line, from.column - to.column];
        segments.push(
          encode([column - written, ...fields, ...(name === undefined ? [] : [target - to.name])]),
        );
        Object.assign(to, from, { name: target });
      } else if (isMapped) {
        segments.push(encode([column - written]));
      }
      if (isWanted || isMapped) {
        written = column;
      }
      isMapped = isWanted;
    }
    return segments.join(',');
  }

  const mappings = parsed.mappings.split(';').map(mappingsOf).join(';');
  const sources = parsed.sources.map((source, index) => (owns[index] ? source : ''));
  return JSON.stringify({ ...parsed, sources, names, mappings });
}

/** Reads the numbers of a segment: five bits a digit, the least first, the sign in the lowest. */
function decode(segment) {
  const numbers = [];
  let [number, shift] = [0, 0];
  for (const digit of segment) {
    const value = values.get(digit);
    number += (value & 31) << shift;
    shift += 5;
    if (value < 32) {
      numbers.push(number & 1 ? -(number >> 1) : number >> 1);
      [number, shift] = [0, 0];
    }
  }
  return numbers;
}

function encode(numbers) {
  let text = '';
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      text += DIGITS[(rest & 31) | (rest > 31 ? 32 : 0)];
      rest >>>= 5;
    } while (rest > 0);
  }
  return text;
}
