/** Where a radio is found and where a server listens, as one text each. */

/** A radio: a Spinel RCP behind a TCP connection or a serial device. */
export type RadioLocator =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number };

/** An address to listen on. Port 0 lets the machine choose. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Baud rate of OpenThread's RCP firmware when nothing else is said. */
export const DEFAULT_BAUD = 460_800;

/** Reads `tcp://host:port` or `serial:///dev/…?baud=N`. Throws an Error that says what is expected. */
export function parseRadio(value: string): RadioLocator {
  if (value === 'air') throw new Error('"air" is the virtual medium inside `hearthgate demo`: use tcp://host:port or serial:///dev/…');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'tcp:' && url.port !== '' && url.hostname !== '') return { kind: 'tcp', host: hostOf(url), port: Number(url.port) };
  if (url?.protocol === 'serial:' && url.hostname === '' && url.pathname.startsWith('/')) {
    return { kind: 'serial', path: decodeURIComponent(url.pathname), baud: baudOf(url) };
  }
  throw new Error('is not tcp://host:port or serial:///dev/…?baud=N');
}

/** A radio's locator as the text it was read from. */
export function radioUrl(radio: RadioLocator): string {
  if (radio.kind === 'serial') return `serial://${encodeURI(radio.path)}?baud=${radio.baud}`;
  return `tcp://${radio.host.includes(':') ? `[${radio.host}]` : radio.host}:${radio.port}`;
}

/** Reads `host:port`; an IPv6 address stands in brackets. Throws an Error that says what is expected. */
export function parseListen(value: string): Listen {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]\s/]+):(\d{1,5})$/i.exec(value);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65_535) throw new Error('is not host:port');
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function baudOf(url: URL): number {
  for (const name of url.searchParams.keys()) if (name !== 'baud') throw new Error(`knows baud alone, not ${name}`);
  const text = url.searchParams.get('baud');
  if (text === null) return DEFAULT_BAUD;
  const baud = Number(text);
  if (!Number.isInteger(baud) || baud < 1200 || baud > 4_000_000) throw new Error('has a baud rate outside 1200 to 4000000');
  return baud;
}
