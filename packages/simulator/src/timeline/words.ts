/** A length of time as people say it: `3 ms`, `5.02 s`, `10 min 3 s`, `2 h 5 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) {
    return `${milliseconds} ms`;
  }
  if (milliseconds < 60_000) {
    return `${trimZeros((milliseconds / 1_000).toFixed(2))} s`;
  }
  const seconds = Math.round(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return joinParts([`${minutes} min`, seconds % 60 > 0 && `${seconds % 60} s`]);
  }
  return joinParts([`${Math.floor(minutes / 60)} h`, minutes % 60 > 0 && `${minutes % 60} min`]);
}

/** A moment of virtual time, to the millisecond: `1.026`, `10:03.500`, `2:05:00.000`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  const rest = String(milliseconds % 1_000).padStart(3, '0');
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) {
    return `${seconds}.${rest}`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}.${rest}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}.${rest}`;
}

/** `r1`, `r1 and r2`, `r1, r2 and r3`; a long list is cut: `r1, r2, r3 and 9 more`. */
export function listText(words: readonly string[], wordsMax = 6): string {
  if (words.length > wordsMax) {
    return `${words.slice(0, wordsMax - 1).join(', ')} and ${words.length - wordsMax + 1} more`;
  }
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 record`, `2 records`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `shardId-000000000003` is `shard 3`; any other name stays as it is. */
export function shardText(shard: string): string {
  const [, number] = /^shardId-0*(\d+)$/.exec(shard) ?? [];
  return number === undefined ? shard : `shard ${number}`;
}

/** Puts the short names of shards into a text. */
export function shortenShards(text: string): string {
  return text.replaceAll(/shardId-\d+/g, shardText);
}

/** How often: `once`, `twice`, `3 times`. */
export function timesText(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** Which one: `2nd`, `3rd`, `11th`. */
export function ordinalText(number: number): string {
  const isTeen = Math.floor(number / 10) % 10 === 1;
  const suffix = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10];
  return `${number}${suffix ?? 'th'}`;
}

function trimZeros(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}

function joinParts(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' ');
}
