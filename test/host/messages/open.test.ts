import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCountersigned, isUserSigned, openCountersigned, openUserSigned } from '../../../host/messages/open.ts';
import { MESSAGE_CHECKS, type MessageContext } from '../../../host/messages/message-check.ts';
import { sign1 } from '../../../host/messages/cose.ts';
import { emit, SERVICE_REQUEST_TYPE } from '../../../host/messages/service-request.ts';
import type { Role } from '../../../host/model/service-request.ts';
import * as p from './parties.ts';

const { signed, UPDATE, CANCEL, CONTEXT, LEAD, DCC } = p;
const without = (name: string, context: MessageContext = CONTEXT): MessageContext => ({
  ...context,
  checks: MESSAGE_CHECKS.filter((check) => check.name !== name),
});

describe('a request with both signatures', () => {
  test('is opened with its signer, its countersigner and the received bytes [R-SIGN-01]', () => {
    const bytes = signed(UPDATE, [DCC]);
    const opened = p.must(openCountersigned(bytes, CONTEXT));
    expect(opened).toEqual({
      request: UPDATE,
      requestId: '02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000',
      user: LEAD.signer,
      countersigners: [DCC.signer],
      bytes,
    });
    expect(isCountersigned(opened)).toBe(true);
  });

  test('of a cancellation is opened likewise', () => {
    expect(p.must(openCountersigned(signed(CANCEL, [DCC]), CONTEXT)).request).toEqual(CANCEL);
  });

  test.each([UPDATE.notBefore, UPDATE.expires - 1])('is taken in the first and in the last second of its window: %d', (now) => {
    expect(openCountersigned(signed(UPDATE, [DCC]), { ...CONTEXT, now }).ok).toBe(true);
  });

  test('is taken when no counter of its originator and target was accepted before', () => {
    expect(openCountersigned(signed(UPDATE, [DCC]), { ...CONTEXT, marks: { highest: () => undefined } }).ok).toBe(true);
  });

  test('asks for the mark of its own originator and target', () => {
    const asked: unknown[] = [];
    openCountersigned(signed(UPDATE, [DCC]), { ...CONTEXT, marks: { highest: (...of) => void asked.push(of) as undefined } });
    expect(asked).toEqual([[LEAD.signer.party, p.PPMID]]);
  });

  test('keeps its own copy of the bytes', () => {
    const bytes = signed(UPDATE, [DCC]);
    const opened = p.must(openCountersigned(bytes, CONTEXT));
    bytes.fill(0);
    expect(opened.bytes).toEqual(signed(UPDATE, [DCC]));
  });

  test('cannot be changed after it was opened', () => {
    const opened = p.must(openCountersigned(signed(UPDATE, [DCC]), CONTEXT));
    expect(Object.isFrozen(opened) && Object.isFrozen(opened.request) && Object.isFrozen(opened.countersigners)).toBe(true);
    expect(() => Object.assign(opened.request, { allowDowngrade: true })).toThrow(TypeError);
  });

  test('is recognised by registry and not by shape', () => {
    const opened = p.must(openCountersigned(signed(UPDATE, [DCC]), CONTEXT));
    expect([isCountersigned({ ...opened }), isUserSigned({ ...opened })]).toEqual([false, false]);
  });

  test('is refused at the door for the User signature alone', () => {
    expect(openUserSigned(signed(UPDATE, [DCC]), CONTEXT)).toMatchObject({ ok: false, check: 'form', code: 'already-countersigned' });
  });
});

describe('a request with the User signature alone', () => {
  test('is opened at intake and is no countersigned request', () => {
    const opened = p.must(openUserSigned(signed(UPDATE), { ...CONTEXT, gateway: undefined }));
    expect(opened).toEqual({ request: UPDATE, requestId: expect.any(String), user: LEAD.signer, bytes: signed(UPDATE) });
    expect([isUserSigned(opened), isCountersigned(opened as never)]).toEqual([true, false]);
  });
});

interface Defect {
  readonly name: string;
  readonly check: string;
  readonly code: string;
  readonly bytes: Uint8Array;
  readonly context?: Partial<MessageContext>;
  readonly requirement: string;
}

const defects: readonly Defect[] = [
  {
    name: 'a wrong User signature',
    check: 'user-signature',
    code: 'user-signature-invalid',
    bytes: signed(UPDATE, [DCC], p.impostor(LEAD)),
    requirement: 'R-SIGN-01',
  },
  { name: 'one signature', check: 'countersigned', code: 'one-signature', bytes: signed(UPDATE), requirement: 'R-SIGN-01' },
  { name: 'the same key twice', check: 'countersigned', code: 'same-key-twice', bytes: signed(UPDATE, [LEAD]), requirement: 'R-SIGN-01' },
  {
    name: 'the countersigner twice',
    check: 'countersigned',
    code: 'same-key-twice',
    bytes: signed(UPDATE, [DCC, DCC]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'two countersigners of one role',
    check: 'countersigned',
    code: 'same-role-twice',
    bytes: signed(UPDATE, [DCC, p.DCC_2]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'another supplier as countersigner',
    check: 'countersigned',
    code: 'same-role-twice',
    bytes: signed(UPDATE, [p.RIVAL]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'the gas supplier as countersigner',
    check: 'countersigned',
    code: 'countersigner-role',
    bytes: signed(UPDATE, [p.GAS]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'the S1SP XML key as countersigner [R-SIGN-02]',
    check: 'countersigned',
    code: 'countersigner-role',
    bytes: signed(UPDATE, [p.S1SP_XML]),
    requirement: 'R-SIGN-02',
  },
  {
    name: 'an extra countersignature of the S1SP XML key [R-SIGN-02]',
    check: 'countersigned',
    code: 'countersigner-role',
    bytes: signed(UPDATE, [DCC, p.S1SP_XML]),
    requirement: 'R-SIGN-02',
  },
  {
    name: 'the S1SP XML key where a context asks for it [R-SIGN-02]',
    check: 'countersigned',
    code: 'countersigner-role',
    bytes: signed(UPDATE, [p.S1SP_XML]),
    context: { countersigners: ['s1sp-xml'] },
    requirement: 'R-SIGN-02',
  },
  {
    name: 'a countersigner nobody knows',
    check: 'countersigned',
    code: 'unknown-countersigner',
    bytes: signed(UPDATE, [p.STRANGER]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'a countersignature over other bytes',
    check: 'countersigned',
    code: 'countersignature-invalid',
    bytes: signed(UPDATE, [p.impostor(DCC)]),
    requirement: 'R-SIGN-01',
  },
  {
    name: 'a required countersigner missing',
    check: 'countersigned',
    code: 'countersigner-missing',
    bytes: signed(UPDATE, [DCC]),
    context: { countersigners: ['dcc-countersigner', 'registration'] },
    requirement: 'R-SIGN-01',
  },
  {
    name: 'an originator who did not sign',
    check: 'originator',
    code: 'other-originator',
    bytes: signed(UPDATE, [DCC], p.RIVAL),
    requirement: 'R-PPMID-01',
  },
  {
    name: 'another gateway',
    check: 'audience',
    code: 'other-gateway',
    bytes: signed({ ...UPDATE, gateway: p.OTHER_GATEWAY }, [DCC]),
    requirement: 'R-PPMID-01',
  },
  {
    name: 'a lab request in production',
    check: 'audience',
    code: 'lab-in-production',
    bytes: signed(UPDATE, [DCC]),
    context: { environment: 'production' },
    requirement: 'R-PPMID-01',
  },
  {
    name: 'a production request in the lab',
    check: 'audience',
    code: 'production-in-lab',
    bytes: signed({ ...UPDATE, environment: 'production' }, [DCC]),
    requirement: 'R-PPMID-01',
  },
  {
    name: 'a window that has not begun',
    check: 'not-before',
    code: 'not-yet-valid',
    bytes: signed(UPDATE, [DCC]),
    context: { now: UPDATE.notBefore - 1 },
    requirement: 'R-ANOM-04',
  },
  {
    name: 'a window that is over',
    check: 'expiry',
    code: 'expired',
    bytes: signed(UPDATE, [DCC]),
    context: { now: UPDATE.expires },
    requirement: 'R-ANOM-04',
  },
  {
    name: 'a counter accepted before',
    check: 'replay',
    code: 'replayed',
    bytes: signed(UPDATE, [DCC]),
    context: { marks: { highest: () => 1000n } },
    requirement: 'R-ANOM-04',
  },
];

describe('one defect', () => {
  test.each(defects)('is refused by one check with its requirement: $name [R-SIGN-01]', ({ bytes, context, check, code, requirement }) => {
    const refused = openCountersigned(bytes, { ...CONTEXT, ...context });
    expect(refused).toMatchObject({ ok: false, check, code });
    expect(!refused.ok && refused.requirements).toContain(requirement);
    expect(!refused.ok && refused.detail).not.toBe('');
  });

  test.each(defects)('would be accepted with that check left out: $name', ({ bytes, context, check }) => {
    expect(openCountersigned(bytes, without(check, { ...CONTEXT, ...context }))).toMatchObject({ ok: true });
  });

  test('never makes a countersigned request without two valid signatures, even with the check left out [R-SIGN-01]', () => {
    for (const { bytes, context, check } of defects.filter((one) => ['user-signature', 'countersigned'].includes(one.check))) {
      expect(isCountersigned(p.must(openCountersigned(bytes, without(check, { ...CONTEXT, ...context }))))).toBe(false);
    }
    const replaced = MESSAGE_CHECKS.map((check) => (check.name === 'countersigned' ? { ...check, check: () => undefined } : check));
    expect(isCountersigned(p.must(openCountersigned(signed(UPDATE), { ...CONTEXT, checks: replaced })))).toBe(false);
  });

  test('covers every check', () => {
    expect(new Set(defects.map(({ check }) => check))).toEqual(new Set(MESSAGE_CHECKS.map(({ name }) => name)));
  });
});

describe('the form', () => {
  test.each([
    ['no bytes', new Uint8Array(), 'truncated'],
    ['another content type', sign1(emit(UPDATE), 'application/cbor', LEAD.key), 'content-type'],
    ['a payload that is no request', sign1(Uint8Array.of(0xa0), SERVICE_REQUEST_TYPE, LEAD.key), 'missing-field'],
    ['a signer nobody knows', signed(UPDATE, [], p.STRANGER), 'unknown-signer'],
    ['a trailing byte', Uint8Array.of(...signed(UPDATE, [DCC]), 0), 'trailing'],
  ])('cannot be left out: %s', (_, bytes, code) => {
    for (const open of [openUserSigned, openCountersigned]) {
      const refused = open(bytes, { ...CONTEXT, checks: [] });
      expect(refused).toMatchObject({ ok: false, check: 'form', code, requirements: ['R-SVC-02', 'R-SIGN-01'] });
    }
  });
});

describe('a message opened again to resume', () => {
  const resume: MessageContext = { ...CONTEXT, purpose: 'resume', now: UPDATE.expires + 1000, marks: { highest: () => UPDATE.counter } };

  test('is not asked for its window and its counter, which bound acceptance', () => {
    expect(isCountersigned(p.must(openCountersigned(signed(UPDATE, [DCC]), resume)))).toBe(true);
  });

  test.each(defects.filter(({ check }) => !['not-before', 'expiry', 'replay'].includes(check)))(
    'is asked for everything else: $name',
    ({ bytes, context, check, code }) => {
      expect(openCountersigned(bytes, { ...resume, ...context })).toMatchObject({ ok: false, check, code });
    },
  );
});

describe('whatever signs', () => {
  const everybody = [LEAD, p.GAS, p.RIVAL, DCC, p.DCC_2, p.S1SP_XML, p.REGISTRATION, p.HUB, p.STRANGER];
  const maybeImpostor = fc.tuple(fc.constantFrom(...everybody), fc.boolean());

  test('a countersigned request has two valid signatures by different keys of different roles [R-SIGN-01]', () => {
    fc.assert(
      fc.property(maybeImpostor, fc.array(maybeImpostor, { maxLength: 3 }), ([user, forged], counters) => {
        const bytes = signed(
          { ...UPDATE, originator: user.signer.party },
          counters.map(([one, fake]) => (fake ? p.impostor(one) : one)),
          forged ? p.impostor(user) : user,
        );
        const result = openCountersigned(bytes, CONTEXT);
        const roles = [user, ...counters.map(([one]) => one)].map(({ signer }): Role => signer.role);
        const sound =
          ![forged, ...counters.map(([, fake]) => fake)].includes(true) &&
          ![user, ...counters.map(([one]) => one)].includes(p.STRANGER) &&
          new Set(roles).size === roles.length &&
          counters.length === 1 &&
          roles[1] === 'dcc-countersigner';
        expect(result.ok).toBe(sound);
      }),
      { numRuns: 150 },
    );
  });

  test('every change of one byte of a valid message is refused [R-SIGN-01]', () => {
    const bytes = signed(UPDATE, [DCC]);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(openCountersigned(flipped, CONTEXT).ok, `byte ${at}`).toBe(false);
    }
  });

  test('every shorter message is refused', () => {
    const bytes = signed(UPDATE, [DCC]);
    for (let length = 0; length < bytes.length; length++) expect(openCountersigned(bytes.subarray(0, length), CONTEXT).ok).toBe(false);
  });

  test('any other byte in any place is refused', () => {
    const bytes = signed(UPDATE, [DCC]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ mask;
        expect(openCountersigned(changed, CONTEXT).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
