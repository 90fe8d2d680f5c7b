import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageOf, resolveLink } from './pages.ts';

const root = join(import.meta.dirname, '../..');

describe('pageOf', () => {
  it.each([
    ['docs/guarantees.md', 'guarantees.md'],
    ['docs/decisions/README.md', 'decisions/README.md'],
    ['packages/commit/README.md', 'packages/commit.md'],
    ['examples/orders/README.md', 'examples/orders.md'],
    ['examples/README.md', 'examples/index.md'],
    ['CHANGELOG.md', 'CHANGELOG.md'],
    ['site/generated/pages/api/index.md', 'api/index.md'],
    ['README.md', undefined],
    ['test/deployment/README.md', undefined],
  ])('makes of %s the page %s', (file, page) => {
    expect(pageOf(file)).toBe(page);
  });
});

describe('resolveLink', () => {
  it.each([
    ['docs/index.md', 'guarantees.md#ledger', { code: 'page', href: './guarantees.md#ledger' }],
    ['packages/commit/README.md', '../middleware', { code: 'page', href: './middleware.md' }],
    ['packages/commit/README.md', '../../docs/guarantees.md', { code: 'page', href: '../guarantees.md' }],
    ['docs/architecture.md', '../CONTRIBUTING.md', { code: 'page', href: './CONTRIBUTING.md' }],
    ['docs/architecture.md', '#rooms', { code: 'page', href: '#rooms' }],
    ['docs/costs.md', 'https://aws.amazon.com/', { code: 'page', href: 'https://aws.amazon.com/' }],
    ['docs/migrating.md', '../package.json', { code: 'source', path: 'package.json' }],
    ['docs/simulator.md', '../simulation', { code: 'source', path: 'simulation' }],
    ['docs/index.md', 'playground.html', { code: 'file', href: 'playground.html' }],
    ['docs/index.md', 'nowhere.md', { code: 'page', href: 'nowhere.md' }],
  ])('finds out where in %s the link %s leads', (file, href, target) => {
    expect(resolveLink(href, file, root)).toEqual(target);
  });
});
