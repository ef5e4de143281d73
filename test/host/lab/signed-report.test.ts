/** Signed reports: what opens, and everything that does not. */
import { describe, expect, test } from 'vitest';
import { openReport, signReport } from '../../../host/lab/signed-report.ts';
import { signingKey } from '../../../host/messages/ed25519.ts';
import { eui64, hex } from '../../../host/model/ids.ts';

const KEY = signingKey(new Uint8Array(32).fill(7));
const OTHER = signingKey(new Uint8Array(32).fill(8));
const OWNER = { environment: 'lab', role: 'gateway', party: eui64('0200000000000201'), name: 'a bench' } as const;
const REPORT = { kind: 'test', units: [{ number: 1, outcome: 'passed' }], text: '<&>' };
const signed = signReport(REPORT, OWNER, KEY);

type File = { report: Record<string, unknown>; signer: Record<string, string>; signature: string };
/** The file with something changed in it. */
function changed(change: (file: File) => void): string {
  const file = JSON.parse(signed) as File;
  change(file);
  return JSON.stringify(file);
}

describe('a signed report', () => {
  test('opens to what was signed and who signed it, whatever its white space', () => {
    const opened = openReport(signed);
    expect(opened).toMatchObject({
      ok: true,
      value: { report: REPORT, signer: { kid: KEY.kid, name: 'a bench', public: hex(KEY.publicKey) } },
    });
    expect(openReport(JSON.stringify(JSON.parse(signed)))).toEqual(opened);
  });

  test('leaves out what is undefined, as its file does', () => {
    expect(openReport(signReport({ kind: 'test', reason: undefined }, OWNER, KEY))).toMatchObject({
      ok: true,
      value: { report: { kind: 'test' } },
    });
  });

  test.each<[string, (file: File) => void]>([
    ['a value of the report', (file) => ((file.report['units'] as { outcome: string }[])[0]!.outcome = 'failed')],
    ['a member more', (file) => (file.report['more'] = 1)],
    ['a member less', (file) => delete file.report['text']],
    ['the name of the signer', (file) => (file.signer['name'] = 'another bench')],
    ['a bit of the signature', (file) => (file.signature = file.signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))],
    ['a number that is no integer', (file) => (file.report['kind'] = 0.5)],
  ])('does not open when %s is changed', (_, change) =>
    expect(openReport(changed(change))).toMatchObject({ ok: false, code: 'bad-signature' }),
  );

  test('does not open under a key put in the place of its own, nor with an identifier of another', () => {
    const swap = (file: File): void => void Object.assign(file.signer, { public: hex(OTHER.publicKey), kid: OTHER.kid });
    expect(openReport(changed(swap))).toMatchObject({ code: 'bad-signature' });
    expect(openReport(changed((file) => (file.signer['kid'] = OTHER.kid)))).toMatchObject({ code: 'key-mismatch' });
  });

  test('under a key of small order is refused: such a key signs everything', () => {
    const small = `01${'00'.repeat(31)}`;
    expect(openReport(changed((file) => (file.signer['public'] = small)))).toMatchObject({ ok: false, code: 'key-small-order' });
  });

  test.each([
    ['no JSON', 'report'],
    ['a list', '[]'],
    ['a report without signature', changed((file) => delete (file as Partial<File>).signature)],
    ['a short signature', changed((file) => (file.signature = file.signature.slice(2)))],
    ['a member beside', JSON.stringify({ ...(JSON.parse(signed) as object), more: 1 })],
    ['a signer with a member more', changed((file) => (file.signer['more'] = 'x'))],
  ])('is not what is %s', (_, text) => expect(openReport(text)).toMatchObject({ ok: false, code: 'not-a-report' }));
});
