/** Pages to print: text becomes HTML in one place, where it is escaped, and a page needs nothing but itself. */

/** A piece of HTML; made by `html` alone. */
export class Html {
  readonly #text: string;

  /** Takes markup as it is; use `html`. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The markup. */
  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: text is escaped, a list joined, undefined left out. */
export type Part = string | number | undefined | Html | readonly Html[];

/** Markup out of a template literal; everything that is put into it is escaped unless it is markup already. */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(markup.map((piece, index) => piece + (index < parts.length ? shown(parts[index]) : '')).join(''));
}

/** A table: a row of headings, then rows of cells. */
export function table(headings: readonly string[], rows: readonly (readonly Part[])[]): Html {
  const head = headings.map((heading) => html`<th>${heading}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`;
}

/** What a thing is called and what it is, one row each; a row whose value is undefined is left out. */
export function facts(rows: readonly (readonly [name: string, value: Part])[]): Html {
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<table class="facts">
    <tbody>
      ${known.map(
        ([name, value]) =>
          html`<tr>
            <th>${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A whole page, to be printed on A4. */
export function page(title: string, body: readonly Html[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html> `.toString();
}

const STYLE = new Html(`
@page { size: A4; margin: 15mm }
body { font: 10pt/1.4 sans-serif; margin: 2em auto; max-width: 60em; color: #000; background: #fff }
h1 { font-size: 16pt } h2 { font-size: 12pt; margin-top: 1.5em; break-after: avoid }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: 1px solid #999; padding: .2em .5em; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere; min-width: 4.5em } td:first-child { overflow-wrap: normal; min-width: 0 }
table.facts { width: auto } table.facts th { white-space: nowrap }
.passed, .failed { white-space: nowrap } .passed { font-weight: bold } .failed { font-weight: bold; text-decoration: underline }
@media print { body { margin: 0 } }
`);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function shown(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'object') return part.join('');
  return String(part).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
