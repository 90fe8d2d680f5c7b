import { createKeyPattern, type KeyPattern, type PartsOf } from './key-pattern.ts';

type Same<One, Other> = [One, Other] extends [Other, One] ? true : false;

export const partsOfPattern: Same<PartsOf<'PAGE#{page}#DAY#{day}'>, 'page' | 'day'> = true;
export const partsOfFixedText: Same<PartsOf<'TOTAL'>, never> = true;
export const partsOfAnyText: Same<PartsOf<string>, string> = true;
export const partsOfEither: Same<PartsOf<'A#{a}' | 'B#{b}'>, 'a' | 'b'> = true;

const pageDay = createKeyPattern('PAGE#{page}#DAY#{day}', { bytesMax: 1_024 });
export const typed: KeyPattern<'page' | 'day'> = pageDay;
export const parts: readonly ('page' | 'day')[] = pageDay.parts;
export const key: string = pageDay.format({ page: '/', day: '2026-10-25' });
export const values: { page: string; day: string } | undefined = pageDay.parse(key);
export const prefix: string = pageDay.formatPrefix({ page: '/' });
export const fixed: string = createKeyPattern('TOTAL').format({});

declare const readFromEnvironment: string;
export const any: string = createKeyPattern(readFromEnvironment).format({ page: '/' });

// What a record has beside the parts does no harm.
const view = { page: '/', day: '2026-10-25', seconds: 7 };
pageDay.format(view);

// @ts-expect-error a part is missing
pageDay.format({ page: '/' });
// @ts-expect-error a part is misspelt
pageDay.format({ page: '/', dya: '2026-10-25' });
// @ts-expect-error a part is no text
pageDay.format({ page: 7, day: '2026-10-25' });
// @ts-expect-error a part may be absent
pageDay.format({ page: '/', day: undefined });
// @ts-expect-error the pattern has no such part
pageDay.formatPrefix({ site: 'a' });
// @ts-expect-error what is read may be no key of the pattern
pageDay.parse(key).page;
// @ts-expect-error the pattern has no such part
pageDay.parse(key)?.site;
// @ts-expect-error there is no such option
createKeyPattern('PAGE#{page}', { bytes: 1_024 });
