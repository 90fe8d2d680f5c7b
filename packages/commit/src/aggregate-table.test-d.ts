import { parseDecimal } from '@oncefold/reducer';
import { aggregateTable, combineTables } from './index.ts';

const views = aggregateTable({
  table: 'PageViews',
  key: { PK: 'PAGE#{page}', SK: { N: 'minute' } },
  measures: ['views', 'seconds'],
  attributes: ({ page, minute }, { latestTime }) => ({
    set: { Text: { S: `${page} ${minute} ${latestTime}` } },
  }),
  limits: { seconds: { min: 0, max: '10.5' } },
});
views.add({ page: '/', minute: 7 }, { views: 1, seconds: '2.5' });
views.add({ page: '/', minute: '7' }, { seconds: parseDecimal('1') });
combineTables(views, aggregateTable({ table: 'T', key: { Id: { B: 'id' } }, measures: ['a'] }));

// @ts-expect-error a misspelt part
views.add({ pag: '/', minute: 7 }, {});
// @ts-expect-error a missing part
views.add({ page: '/' }, {});
// @ts-expect-error a number for text
views.add({ page: 7, minute: 7 }, {});
// @ts-expect-error a misspelt measure
views.add({ page: '/', minute: 7 }, { view: 1 });
// @ts-expect-error bytes for an amount
views.add({ page: '/', minute: 7 }, { views: new Uint8Array() });
// @ts-expect-error a key of an unknown type
aggregateTable({ table: 'T', key: { Id: { S: 'id' } }, measures: ['a'] });
// @ts-expect-error a limit of no measure
aggregateTable({ table: 'T', key: { Id: '{id}' }, measures: ['a'], limits: { b: { min: 0 } } });
aggregateTable({
  table: 'T',
  key: { Id: '{id}' },
  measures: ['a'],
  // @ts-expect-error a part that is not in the key
  attributes: ({ page }) => ({ set: { P: page } }),
});
