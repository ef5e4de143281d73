/** Decoded frames as text and as JSON. Colours and columns of a terminal are the command line's affair. */
import type { Decoded } from './decoded.ts';
import { nameOf, receiverOf, senderOf } from './names.ts';

const DECIMALS = 9;

/** Seconds since 1970 with nine decimals. */
export function secondsOf(time: bigint): string {
  const digits = time.toString().padStart(1 + DECIMALS, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** One line a frame, as a sniffer shows it: number, seconds since `start`, who to whom, what, and why not all of it. */
export function renderLine(decoded: Decoded, start: bigint): string {
  const way = `${senderOf(decoded.headers) ?? '-'} → ${receiverOf(decoded.headers) ?? '-'}`;
  const why = decoded.verdict === 'ok' ? '' : `  [${decoded.verdict}: ${decoded.detail}]`;
  const replay = decoded.replay === undefined ? '' : `  [${decoded.replay.layer} ${decoded.replay.kind}]`;
  const what = `${nameOf(decoded.headers)}${why}${replay}`;
  const seconds = (Number(decoded.time - start) / 1e9).toFixed(6);
  return `${decoded.number.toString().padStart(6)} ${seconds.padStart(12)}  ${way.padEnd(15)}  ${what}`;
}

/** The line and every field below it, one a line; then what no table describes. */
export function renderTree(decoded: Decoded, start: bigint): string {
  const fields = decoded.fields.map(([name, show]) => `         ${name}: ${show}`);
  const unread = decoded.unread.length === 0 ? [] : [`         ${decoded.unread.length} bytes without description`];
  return [renderLine(decoded, start), ...fields, ...unread].join('\n');
}

/** One line of JSON: `frame`, `time` in seconds since 1970, `verdict`, `code` and `detail` unless it is ok, and `fields`. */
export function renderJson({ number, time, verdict, code, detail, shown, replay }: Decoded): string {
  const why = code === undefined ? '' : `,"code":${JSON.stringify(code)},"detail":${JSON.stringify(detail)}`;
  const heard = replay === undefined ? '' : `,"replay":${JSON.stringify(replay)}`;
  const fields = shown.map(({ json }) => json).join('');
  return `{"frame":${number},"time":"${secondsOf(time)}","verdict":"${verdict}"${why}${heard},"fields":[${fields.slice(1)}]}`;
}
