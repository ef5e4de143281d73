/** What the items of a test list amount to, and what tells a combination from the nearest eligible one. */
import { describe, expect, test } from 'vitest';
import { conclusionOf, deltaOf, type PpcItem } from '../../../host/lab/ppc-report.ts';

const item = (kind: PpcItem['kind'], verdict: PpcItem['verdict'], name = `${kind}-item`): PpcItem => ({
  ...{ name, kind, verdict, detail: 'so it was', requirements: [], milliseconds: 1 },
});
const GOOD = [item('device', 'passed'), item('request', 'passed'), item('alert', 'passed')];

describe('a test list', () => {
  test('is passed when everything in it passed or does not apply', () => {
    expect(conclusionOf(GOOD, undefined)).toEqual({ result: 'passed', findings: undefined });
    expect(conclusionOf([...GOOD, item('alert', 'not-applicable')], 'anything').result).toBe('passed');
  });
  test.each(['failed', 'not-run'] as const)('is failed by one item that is %s, which is named [R-PPC-03]', (verdict) => {
    const { result, findings } = conclusionOf([...GOOD, item('request', verdict, 'update-firmware')], undefined);
    expect([result, findings]).toEqual(['failed', `update-firmware ${verdict}: so it was`]);
  });
  test.each(['device', 'request', 'alert'] as const)(
    'without a %s that passed is not passed: nothing was shown of it [R-PPC-04]',
    (kind) => {
      const without = GOOD.filter((each) => each.kind !== kind);
      expect(conclusionOf([...without, item(kind, 'not-applicable')], undefined)).toEqual({
        result: 'failed',
        findings: `no ${kind} was tested with success`,
      });
      expect(conclusionOf([], undefined).result).toBe('failed');
    },
  );
  test('that only a change of systems or Code could pass ends as modification required, with the reason first [R-PPC-06]', () => {
    expect(conclusionOf([...GOOD, item('alert', 'failed', 'x')], 'the DCC cannot carry it')).toEqual({
      result: 'modification-required',
      findings: 'the DCC cannot carry it; x failed: so it was',
    });
  });
});

describe('the difference from what is eligible', () => {
  const hub = { type: 'chf', manufacturer: 1, model: 'HUB', hardwareVersion: 1, firmwareVersion: 1 };
  const ppmid = { ...hub, type: 'ppmid', model: 'P' };
  const esme = { ...hub, type: 'esme', model: 'E' };
  test('is told against the nearest, a line a Device Model [R-PPC-05]', () => {
    const far = [
      { ...hub, model: 'OTHER' },
      { ...ppmid, model: 'Q' },
    ];
    expect(deltaOf([hub, esme, { ...ppmid, firmwareVersion: 2 }], [far, [hub, esme, ppmid]])).toEqual([
      '- ppmid: manufacturer 0x0001 model P hardware 1 firmware 0x00000001',
      '+ ppmid: manufacturer 0x0001 model P hardware 1 firmware 0x00000002',
    ]);
  });
  test('is empty while nothing is eligible', () => expect(deltaOf([hub], [])).toEqual([]));
});
