/** Pages: everything that comes from outside is escaped, and a page loads nothing. */
import { expect, test } from 'vitest';
import { facts, html, page, table } from '../../../host/lab/html.ts';

test('text is escaped wherever it is put, markup is not escaped twice', () => {
  const evil = `<script>alert("1")</script>&'`;
  const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';
  expect(html`<p title="${evil}">${evil}</p>`.toString()).toBe(`<p title="${escaped}">${escaped}</p>`);
  expect(html`<div>${[html`<b>${evil}</b>`, html`<i>${1}</i>`]}${undefined}</div>`.toString()).toBe(`<div><b>${escaped}</b><i>1</i></div>`);
  expect(
    table([evil], [[evil]])
      .toString()
      .includes('<script'),
  ).toBe(false);
  expect(page(evil, [facts([[evil, evil]])]).includes('<script')).toBe(false);
});

test('facts without a value are left out', () => {
  const text = facts([
    ['a', 1],
    ['b', undefined],
  ]).toString();
  expect(text.replaceAll(/\s+(?=<)|(?<=>)\s+/g, '')).toBe('<table class="facts"><tbody><tr><th>a</th><td>1</td></tr></tbody></table>');
});

test('a page stands alone: it loads nothing and is set for paper', () => {
  const text = page('A page', [html`<p>text</p>`]);
  expect(text).toMatch(/^<!doctype html>/);
  expect(text).toContain('@page { size: A4');
  expect(text).not.toMatch(/src=|href=|url\(|@import/);
});
