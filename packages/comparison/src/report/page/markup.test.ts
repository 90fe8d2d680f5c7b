import { describe, expect, it } from 'vitest';
import { markup } from './markup.ts';

describe('markup', () => {
  it('escapes every text, in lists and in attributes too', () => {
    const text = `<b>"&'</b>`;
    expect(markup`<p title="${text}">${[text, markup`<i>${text}</i>`]}</p>`.html).toBe(
      '<p title="&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;">&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;<i>&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;</i></p>',
    );
  });

  it('writes nothing for undefined and empty lists, and writes numbers', () => {
    expect(markup`<p>${undefined}${0}${[]}</p>`.html).toBe('<p>0</p>');
  });

  it('shows bidirectional and control characters as escapes', () => {
    expect(markup`${'a\u202eb\u0000c\nd'}`.html).toBe('a\\u{202e}b\\u{0}c\nd');
  });
});
