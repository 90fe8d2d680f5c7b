import { describe, expect, it } from 'vitest';
import { html, trusted } from './html.ts';
import { dataHtml, pageHtml } from './page-html.ts';

const hostile = `</script><img src=x onerror="alert('1')">&`;

describe('html', () => {
  it('escapes text and joins lists', () => {
    const made = html`<p title="${hostile}">${[html`<b>${1}</b>`, 'a<b']}${undefined}${false}</p>`;
    expect(made.html).toBe(
      '<p title="&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"><b>1</b>a&lt;b</p>',
    );
  });
});

describe('pageHtml', () => {
  it('keeps data and scripts within their tags, and reaches for nothing', () => {
    const page = pageHtml({
      title: hostile,
      body: html`<main></main>${dataHtml('data', { hostile })}`,
      script: 'const text = "</script>";',
    });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page).toContain('default-src &#39;none&#39;');
    const [, data = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(data)).toEqual({ hostile });
  });

  it('takes what is trusted as it is', () => {
    expect(html`${trusted('<i>')}`.html).toBe('<i>');
  });
});
