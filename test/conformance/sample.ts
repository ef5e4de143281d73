/**
 * Payloads that a table describes: well-formed ones with several list entries, numbers at their edges, texts of odd bytes.
 * Earlier fields that later ones depend on (counts, kinds, flags) are drawn so that every branch is met.
 */
import type { BlobItem, Condition, Extent, Format, Item, NumberItem } from '../../host/clusters/item.ts';
import { holds, lengthFrom, type Scope } from '../../host/clusters/scope.ts';
import type { Value } from '../../host/clusters/item.ts';
import type { Random } from '../fuzz/random.ts';

/** Longer payloads end here, often inside an item: a frame holds no more. */
const LIMIT = 84;
const ENTRIES = 5;
const TEXT_ENDS = [0x00, 0x01, 0x09, 0x0a, 0x0d, 0x1f, 0x20, 0x22, 0x26, 0x3c, 0x5c, 0x7f, 0x80, 0xa0, 0xc3, 0xe2, 0xfe, 0xff];
/** Bytes that begin and end ranges of signed and unsigned numbers, of floats, of dates. */
const EDGES = [0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0x81, 0xf0, 0xfe, 0xff];

/** A payload of a format. */
export function sample(format: Format, random: Random): number[] {
  const sampler = new Sampler(random, hintsOf(format));
  sampler.items(format, [{}]);
  return sampler.bytes.slice(0, LIMIT);
}

/** Values by key that decide how a payload goes on. */
type Hints = ReadonlyMap<string, readonly number[]>;

function hintsOf(format: Format): Hints {
  const hints = new Map<string, number[]>();
  const hint = (key: string, ...values: number[]): void => void hints.set(key, [...(hints.get(key) ?? []), ...values]);
  const condition = (asked: Condition): void => {
    if (asked.kind === 'field') hint(asked.key, ...(asked.values ?? [asked.mask]), 0);
  };
  const extent = (asked: Extent): void => {
    const shift = typeof asked === 'object' && 'from' in asked ? asked.mask & -asked.mask : 1;
    if (typeof asked === 'object' && 'from' in asked) hint(asked.from, ...[0, 1, 2, 3, 4].map((count) => (count - asked.bias) * shift));
  };
  // Collections hold collections: an item is visited once.
  const seen = new Set<Item>();
  const visit = (item: Item): void => {
    if (seen.has(item)) return;
    seen.add(item);
    if (item.kind === 'when') {
      condition(item.condition);
      [...item.then, ...item.otherwise].forEach(visit);
    } else if (item.kind === 'choose') {
      hint(item.on, ...Object.keys(item.rows).map(Number));
      [...Object.values(item.rows).flat(), ...item.otherwise].forEach(visit);
    } else if (item.kind === 'each') {
      extent(item.count);
      item.items.forEach(visit);
    } else if (item.kind === 'blob') extent(item.extent);
  };
  format.forEach(visit);
  return hints;
}

/** Thrown to end a payload where a table says that it may end. */
const ENOUGH = Symbol('enough');

class Sampler {
  readonly bytes: number[] = [];
  readonly #seen: number[] = [];

  constructor(
    readonly random: Random,
    readonly hints: Hints,
  ) {}

  items(format: Format, scope: Record<string, Value>[]): void {
    try {
      for (const item of format) this.#item(item, scope);
    } catch (end) {
      if (end !== ENOUGH) throw end;
    }
  }

  #item(item: Item, scope: Record<string, Value>[]): void {
    if (this.bytes.length >= LIMIT) throw ENOUGH;
    const [own = {}] = scope;
    switch (item.kind) {
      case 'number':
        own[item.key] = this.#number(item);
        return;
      case 'eui':
        return this.#any(8);
      case 'blob':
        return this.#blob(item, scope);
      case 'when': {
        const { condition } = item;
        if (condition.kind === 'left' && this.random.below(4) === 0) throw ENOUGH;
        for (const inner of condition.kind === 'left' || holds(condition, scope) ? item.then : item.otherwise) this.#item(inner, scope);
        return;
      }
      case 'choose': {
        const value = scope.find((values) => values[item.on] !== undefined)?.[item.on];
        for (const inner of item.rows[Number(value)] ?? item.otherwise) this.#item(inner, scope);
        return;
      }
      case 'each': {
        const count = Math.min(this.#length(item.count, scope) ?? this.random.below(ENTRIES), LIMIT);
        for (let i = 0; i < count; i++) {
          const group = {};
          for (const inner of item.items) this.#item(inner, [group, ...scope]);
        }
        return;
      }
      case 'glance': {
        const start = this.bytes.length;
        for (const inner of item.items) this.#item(inner, scope);
        this.#seen.unshift(...this.bytes.splice(start));
        return;
      }
      default:
        return;
    }
  }

  /** Bytes that were seen in a glance are those that follow. */
  #put(bytes: readonly number[]): void {
    for (const byte of bytes) this.bytes.push(this.#seen.shift() ?? byte);
  }

  #number(item: NumberItem): number {
    const hints = this.hints.get(item.key);
    const drawn = hints !== undefined && this.random.below(5) > 0 ? this.random.of(hints) : undefined;
    const start = this.bytes.length;
    if (drawn === undefined) this.#any(item.bytes);
    else {
      const low = Array.from({ length: item.bytes }, (_, i) => Math.floor(drawn / 256 ** i) & 0xff);
      this.#put(item.bigEndian ? low.toReversed() : low);
    }
    const bytes = this.bytes.slice(start);
    return (item.bigEndian ? bytes.toReversed() : bytes).reduceRight((sum, byte) => sum * 256 + byte, 0);
  }

  #blob(item: BlobItem, scope: Scope): void {
    const length = this.#length(item.extent, scope) ?? this.random.below(24);
    if (item.form === 'bytes') return this.#any(Math.min(length, LIMIT));
    const character = (): number => (this.random.below(4) === 0 ? this.random.of(TEXT_ENDS) : 0x20 + this.random.below(0x5f));
    this.#put(Array.from({ length: Math.min(length, LIMIT) }, character));
  }

  /** Undefined = to the end. Counts are written. */
  #length(extent: Extent, scope: Scope): number | undefined {
    if (typeof extent === 'number') return extent;
    if (extent === 'rest' || 'most' in extent || 'span' in extent) return undefined;
    if ('from' in extent || 'reckon' in extent) return lengthFrom(extent, scope);
    const none = this.random.below(8) === 0;
    const length = this.random.below(8) === 0 ? this.random.below(40) : this.random.below(6);
    this.#put(Array.from({ length: extent.prefix }, (_, i) => (none ? 0xff : (length >> (8 * i)) & 0xff)));
    return none ? 0 : length;
  }

  /** Bytes of any kind: edges, one small number, or whatever comes. */
  #any(length: number): void {
    const kind = this.random.below(4);
    const byte = (i: number): number =>
      kind === 0 ? this.random.of(EDGES) : kind === 1 ? this.random.below(3) * Number(i === 0) : this.random.below(256);
    this.#put(Array.from({ length }, (_, i) => byte(i)));
  }
}
