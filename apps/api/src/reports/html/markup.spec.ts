import { describe, expect, it } from 'vitest';
import { escapeText, html } from './markup';

describe('html', () => {
  it('escapes what comes from data, and lets its own markup be', () => {
    const name = `<b onclick="x('y')">&`;
    const inner = html`<em title="${name}">${name}</em>`;
    expect(inner.text).toBe(
      '<em title="&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;">&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;&amp;</em>',
    );
    expect(html`<p>${inner}${[inner, inner]}${undefined}${3}</p>`.text).toBe(
      `<p>${inner.text}${inner.text}${inner.text}3</p>`,
    );
  });

  it('replaces characters that no document may hold', () => {
    expect(escapeText('a\u0000b\u001fc\td')).toBe('a\ufffdb\ufffdc\td');
  });
});
