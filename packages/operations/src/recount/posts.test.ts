import { describe, expect, it } from 'vitest';
import { accessStore, putItems } from '../../test/support/store-access.ts';
import { sealTable } from './mark-trades.ts';
import { putPosts, removePosts } from './posts.ts';
import { defaultLimits } from './recount-options.ts';

const posts = { table: 'StateTable', recount: 7, indexes: Array.from({ length: 60 }, (_, index) => index) };

describe('putPosts', () => {
  it('puts each post once, whatever becomes of requests and answers', async () => {
    const access = accessStore({ faults: ['reply-lost', 'request-lost', 'in-part', 'cut-off', 'in-part'] });
    await putPosts(access, posts, 0);
    const items = access.store.snapshot('StateTable');
    expect(items).toHaveLength(60);
    expect(items[0]).toEqual({ id: { S: ':recount:7:0' }, Recount: { N: '7' } });
    expect(access.changes).toHaveLength(60);
  });

  it('takes them away again, and nothing else', async () => {
    const access = accessStore({ faults: [undefined, undefined, undefined, 'in-part', 'reply-lost'] });
    putItems(access, 'StateTable', [{ id: { S: 'trade' } }]);
    await putPosts(access, posts, 0);
    await removePosts(access, posts);
    expect(access.store.snapshot('StateTable')).toEqual([{ id: { S: 'trade' } }]);
  });
});

describe('sealTable', () => {
  it('marks all items of a small table, and tells the posts of earlier recounts, but nothing that has a version', async () => {
    const access = accessStore();
    putItems(access, 'StateTable', [
      { id: { S: 'trade' } },
      { id: { S: ':recount:7:0' }, Recount: { N: '7' } },
      { id: { S: ':recount:6:0' }, Recount: { N: '6' } },
      { id: { S: ':recount:6:1' }, Version: { N: '1' } },
    ]);
    const mark = { number: 7, wave: 2 };
    const sealed = await sealTable(access, 'StateTable', { mark, items: 2, limits: defaultLimits });
    expect(sealed).toEqual({ marked: 3, unknown: 0, formerPosts: [':recount:6:0'] });
  });

  it('marks each hundredth item of a large one, and every post', async () => {
    const access = accessStore();
    const trades = Array.from({ length: 250 }, (_, index) => ({ id: { S: `trade-${index}` } }));
    putItems(access, 'StateTable', trades);
    await putPosts(access, posts, 0);
    const mark = { number: 7, wave: 2 };
    const { marked } = await sealTable(access, 'StateTable', { mark, items: 10_001, limits: defaultLimits });
    const ofPosts = access.changes.filter(
      ({ newImage }) => newImage?.['RecountWave'] !== undefined && newImage['id']?.S?.startsWith(':recount:'),
    );
    expect(ofPosts).toHaveLength(60);
    expect(marked).toBeGreaterThanOrEqual(62);
    expect(marked).toBeLessThanOrEqual(64);
  });
});
