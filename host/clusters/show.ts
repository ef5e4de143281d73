/**
 * How values are shown, in the form of Wireshark's `show` attribute: hexadecimal in the width of the type, EUI-64s and
 * bytes as pairs joined by colons, times in UTC with nine decimals. Nothing here depends on a locale or a time zone.
 */
import { hexPairs, type Eui64 } from '../model/ids.ts';
import type { NumberItem, NumberShow } from './item.ts';

/** Seconds from 1970 to the ZigBee epoch, 2000-01-01T00:00:00Z. */
export const ZIGBEE_EPOCH = 946_684_800;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Lower-case pairs joined by colons. */
export const showBytes = (bytes: Uint8Array): string => hexPairs(bytes);

/**
 * Text up to its first NUL; bytes that are not ASCII stand as replacement characters, control characters as `\\x` and their
 * number. Tabs and ends of lines are one space each, as an attribute of XML has them.
 */
export function showText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const characters = Array.from(end < 0 ? bytes : bytes.subarray(0, end), showCharacter);
  return characters.join('').replace(/\r\n|[\t\n\r]/g, ' ');
}

function showCharacter(byte: number): string {
  if (byte >= 0x80) return '\ufffd';
  const control = (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f;
  return control ? `\\x${byte.toString(16)}` : String.fromCharCode(byte);
}

const COMPLEX_TAGS = ['', '', 'manufacturerName', 'modelName', 'serialNumber', 'deviceURL', 'icon', 'outliner'];
const LANGUAGE = 1;
const ICON = 6;
const ASCII = 0;

/** One field of a complex descriptor (ZigBee 2.3.2.6) as the compressed XML it stands for; icons are left out. */
export function showComplex(bytes: Uint8Array): string {
  const [tag = 0, ...rest] = bytes;
  if (tag === LANGUAGE) {
    const set = rest[2] === ASCII ? 'ASCII' : 'Unknown Character Set';
    return `<languageChar>${showText(bytes.subarray(1, 3))}, ${set}</languageChar>`;
  }
  const name = COMPLEX_TAGS[tag] || 'Reserved Tag';
  return `<${name}>${tag === ICON ? 'FixMe' : showText(bytes.subarray(1))}</${name}>`;
}

/** An EUI-64 as pairs joined by colons, most significant first. */
export function showEui(id: Eui64): string {
  let text = id.slice(0, 2);
  for (let i = 2; i < id.length; i += 2) text += `:${id.slice(i, i + 2)}`;
  return text;
}

/** `0x` and two digits a byte. */
export function showHex(value: number | bigint, bytes: number): string {
  const digits = value.toString(16);
  return digits.length === 2 * bytes ? `0x${digits}` : `0x${digits.padStart(2 * bytes, '0')}`;
}

/** A time as `Jan  1, 2000 00:00:00.000000000 UTC`. */
export function showTime(secondsSince1970: number): string {
  const date = new Date(secondsSince1970 * 1000);
  const two = (value: number): string => value.toString().padStart(2, '0');
  const day = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate().toString().padStart(2)}, ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.000000000 UTC`;
}

/** A number in one of the plain forms; `bytes` is its width. */
export function showNumber(value: number | bigint, show: NumberShow, bytes: number): string {
  if (show === 'hex') return showHex(value, bytes);
  if (show === 'flag') return Number(value) === 0 ? '0' : '1';
  return value.toString();
}

/** Bits under a mask, moved down to bit 0. */
export function bitsOf(value: number | bigint, mask: number): number {
  if (mask > 0xffffffff || mask < 0) return wideBitsOf(value, BigInt(mask));
  const low = typeof value === 'bigint' ? Number(BigInt.asUintN(32, value)) : value;
  return (low & mask) >>> (31 - Math.clz32(mask & -mask));
}

function wideBitsOf(value: number | bigint, mask: bigint): number {
  let shifted = BigInt(value) & mask;
  for (let rest = mask; rest !== 0n && (rest & 1n) === 0n; rest >>= 1n) shifted >>= 1n;
  return Number(shifted);
}

/** The value of a number item as it is shown; `plus` is added before. */
export function showItem(item: NumberItem, value: number | bigint, plus = 0): string {
  const sum = plus === 0 ? value : Number(value) + plus;
  if (item.show === 'utc') return showTime(Number(sum) + ZIGBEE_EPOCH);
  if (item.show === 'unix') return showTime(Number(sum));
  if (item.show === 'minutes') return `${Number(sum) * 60}.000000000`;
  if (item.show === 'hundredths') return shortest(Number(sum) / 100, 6);
  if (item.show === 'float') return showFloat(sum, item.bytes);
  return showNumber(sum, item.show, item.show === 'hex' ? item.wide : item.bytes);
}

function showFloat(bits: number | bigint, bytes: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(bits));
  const negative = view.getUint8(8 - bytes) >= 0x80;
  if (Number.isNaN(bytes === 4 ? view.getFloat32(4) : view.getFloat64(0))) return negative ? '-nan' : 'nan';
  return bytes === 4 ? shortest(view.getFloat32(4), 6) : shortest(view.getFloat64(0), 15);
}

/** A number just between two numbers of so many digits: the one whose last digit is even, as C has it. Any other as it is. */
function halfToEven(value: number, digits: number): number {
  const [, kept = '', exponent = ''] = new RegExp(`^(-?\\d\\.\\d{${digits - 1}})50*e(.*)$`).exec(value.toExponential(20)) ?? [];
  return /[02468]$/.test(kept) ? Number(`${kept}e${exponent}`) : value;
}

/** A number in so many digits, without trailing zeros, with an exponent of at least two digits when it is far from 1. */
function shortest(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const even = halfToEven(value, digits);
  const [mantissa = '', exponent = ''] = even.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < digits)
    return even
      .toPrecision(digits)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  const sign = power < 0 ? '-' : '+';
  return `${mantissa.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}e${sign}${Math.abs(power).toString().padStart(2, '0')}`;
}
