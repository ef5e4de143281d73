/** What is remembered of numbers, runs and EUI-64s never shows in what is read: the second time is as the first. */
import { describe, expect, test } from 'vitest';
import { eui, has, hex, when, dec, type Format } from '../../../host/clusters/item.ts';
import { readInto } from '../../../host/clusters/read.ts';
import { run, type Run } from '../../../host/clusters/run.ts';
import { Showing, type Shown } from '../../../host/clusters/shown.ts';
import { unhex } from '../../../host/model/ids.ts';

const WAY: Run = run(hex(2, 'a.control', 'control'), hex(2, 'a.dst', 'dst'), dec(1, 'a.radius', 'radius'));
const REST: Format = [when(has('control', 0x01), [dec(1, 'a.seq', 'seq')])];

function reading(showing: Showing, text: string, format: Format, way?: Run) {
  const shown: Shown[] = [];
  const { values, rest, short } = readInto(shown, showing, format, unhex(text), {}, way);
  const json = `[${shown
    .map((each) => each.json)
    .join('')
    .slice(1)}]`;
  return { fields: shown.flatMap(({ fields }) => fields), json: JSON.parse(json) as unknown, values, rest: [...rest], short };
}

describe('a run', () => {
  const items: Format = [...WAY.items, ...REST];
  test.each(['010034120a2bff', '000034120a2bff', '010034120a', '01003412', '01', ''])('%s is read as its items are, each time', (text) => {
    const showing = new Showing();
    const plain = reading(new Showing(), text, items);
    expect(plain.json).toEqual(plain.fields);
    for (let time = 0; time < 3; time++) expect(reading(showing, text, REST, WAY)).toEqual(plain);
  });
  test('that another reading begins with is not changed by what follows it there', () => {
    const showing = new Showing();
    reading(showing, '010034120a2b', REST, WAY);
    expect(reading(showing, '010034120a2c', REST, WAY).values).toEqual({ control: 1, dst: 0x1234, radius: 10, seq: 0x2c });
  });
});

describe('an EUI-64', () => {
  const format: Format = [eui('a.src64', 'source')];
  test('is told from one that begins or ends with the same bytes', () => {
    const showing = new Showing();
    const texts = ['0102030405060708', '0102030405060709', '0902030405060708', '0102030405060708', '0102030485868788'];
    for (const text of texts) expect(reading(showing, text, format)).toEqual(reading(new Showing(), text, format));
  });
  test('is shown under the name of its item', () => {
    const showing = new Showing();
    reading(showing, '0102030405060702', format);
    expect(reading(showing, '0102030405060702', [eui('a.dst64', 'dst')]).fields).toEqual([['a.dst64', '02:07:06:05:04:03:02:01']]);
  });
});
