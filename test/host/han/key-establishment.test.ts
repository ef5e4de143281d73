/** The state machine of key establishment: both sides, both suites, every misuse with the status that answers it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeInitiate,
  decodeTerminate,
  encodeInitiate,
  encodeTerminate,
  KeCommand,
  KeStatus,
} from '../../../host/clusters/key-exchange.ts';
import type { SuiteNumber } from '../../../host/core/curves.ts';
import type { Action, KeMessage } from '../../../host/han/key-establishment.ts';
import { AWAIT_RESPONSE_MS, TRANSIT_MS } from '../../../host/han/key-establishment-rules.ts';
import { eui64 } from '../../../host/model/ids.ts';
import { side, toyCertificate, type Side } from './establishment-model.ts';

const A = eui64('020000000000000a');
const B = eui64('020000000000000b');
const C = eui64('020000000000000c');
const NOW = 1_000_000;

const message = (direction: KeMessage['direction'], command: number, payload: Uint8Array, seq = 7): KeMessage => ({
  direction,
  command,
  payload,
  seq,
});
const initiate = (certificate: Uint8Array, suite = 1, ephemeralTime = 10, confirmTime = 15): Uint8Array =>
  encodeInitiate({ suite, ephemeralTime, confirmTime, certificate });
const sends = (actions: readonly Action[]): readonly KeMessage[] => actions.flatMap((each) => (each.kind === 'send' ? [each.message] : []));
const kinds = (actions: readonly Action[]): readonly string[] => actions.map(({ kind }) => kind);
const statusIn = (actions: readonly Action[]): number | undefined => {
  const terminate = sends(actions).find(({ command }) => command === KeCommand.TERMINATE);
  return terminate && decodeTerminate(terminate.payload)?.status;
};

/** Carries messages to and fro until both are quiet; answers what each side was told to do besides sending. */
function carry(from: Side, to: Side, first: readonly Action[], now = NOW): { readonly from: Action[]; readonly to: Action[] } {
  const done = { from: [] as Action[], to: [] as Action[] };
  const queue = first.map((action) => ({ action, by: 'from' as 'from' | 'to' }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { action, by } = next;
    if (action.kind !== 'send') {
      done[by].push(action);
      continue;
    }
    const [speaker, listener, other] = by === 'from' ? [from, to, 'to' as const] : [to, from, 'from' as const];
    const answer = listener.machine.hear(speaker.eui, { ...action.message, seq: action.message.seq ?? 1 }, now);
    queue.push(...answer.map((each) => ({ action: each, by: other })));
  }
  return done;
}

const begin = (one: Side, other: Side, suite: SuiteNumber): readonly Action[] => {
  const begun = one.machine.initiate(other.eui, suite, NOW);
  if (!begun.ok) throw new Error(begun.code);
  return begun.value;
};

describe.each([1, 2] as const)('an exchange of suite %i', (suite) => {
  test('gives both sides one key, and leaves nothing under way', () => {
    const [a, b] = [side(A), side(B)];
    const done = carry(a, b, begin(a, b, suite));
    const [mine, theirs] = [done.from[0], done.to[0]];
    expect([mine, theirs]).toMatchObject([
      { kind: 'establish', partner: B, suite, role: 'initiator' },
      { kind: 'establish', partner: A, suite, role: 'responder' },
    ]);
    if (mine?.kind !== 'establish' || theirs?.kind !== 'establish') return;
    expect(a.core.keys.get(mine.key)).toBe(b.core.keys.get(theirs.key));
    expect([a.core.held.size, b.core.held.size, a.machine.partners, b.machine.partners]).toEqual([0, 0, [], []]);
    expect([a.machine.counts, b.machine.counts]).toEqual([new Map([['established', 1]]), new Map([['established', 1]])]);
  });
  test('is in the order of the specification, requests from the client, responses with their number, times of the suite', () => {
    const [a, b] = [side(A), side(B)];
    const seen: string[] = [];
    let pending = sends(begin(a, b, suite));
    for (let turn = 0; pending.length > 0; turn++) {
      const [listener, speaker] = turn % 2 === 0 ? [b, a] : [a, b];
      pending = pending.flatMap((each) => {
        const seq = each.seq ?? 40 + turn;
        seen.push(`${each.direction} ${each.command} ${seq}`);
        return sends(listener.machine.hear(speaker.eui, { ...each, seq }, NOW));
      });
    }
    expect(seen).toEqual(['request 0 40', 'response 0 40', 'request 1 42', 'response 1 42', 'request 2 44', 'response 2 44']);
    const [first] = sends(begin(side(A), side(B), suite));
    expect(decodeInitiate(first!.payload)).toMatchObject(
      suite === 1 ? { suite: 1, ephemeralTime: 10, confirmTime: 15 } : { suite: 2, ephemeralTime: 20, confirmTime: 25 },
    );
  });
  test('has its link key durable before the partner hears that it is accepted', () => {
    const [a, b] = [side(A), side(B)];
    let actions: readonly Action[] = begin(a, b, suite);
    for (let turn = 0; !kinds(actions).includes('establish'); turn++) {
      const [listener, speaker] = turn % 2 === 0 ? [b, a] : [a, b];
      actions = sends(actions).flatMap((each) => listener.machine.hear(speaker.eui, each, NOW));
    }
    expect(kinds(actions)).toEqual(['establish', 'send']);
  });
});

describe('an invitation is refused', () => {
  const invite = (payload: Uint8Array, to = side(A), from = B): readonly Action[] =>
    to.machine.hear(from, message('request', KeCommand.INITIATE, payload), NOW);
  const rows: readonly (readonly [string, Uint8Array, number, string])[] = [
    ['cut short', Uint8Array.of(1, 0, 10), KeStatus.BAD_MESSAGE, 'malformed'],
    ['with no suite', initiate(toyCertificate(B, 1), 0), KeStatus.UNSUPPORTED_SUITE, 'suite'],
    ['with two suites', initiate(toyCertificate(B, 1), 3), KeStatus.UNSUPPORTED_SUITE, 'suite'],
    ['with a suite that nobody knows', initiate(toyCertificate(B, 1), 4), KeStatus.UNSUPPORTED_SUITE, 'suite'],
    ['with the certificate of another device', initiate(toyCertificate(C, 1)), KeStatus.BAD_MESSAGE, 'curve-subject'],
    ['with a certificate of another issuer', initiate(toyCertificate(B, 1, 0x78)), KeStatus.UNKNOWN_ISSUER, 'curve-issuer'],
    [
      'with a certificate of the wrong form',
      initiate(Uint8Array.of(3, ...toyCertificate(B, 1).slice(1))),
      KeStatus.INVALID_CERTIFICATE,
      'curve-certificate-format',
    ],
    ['with a certificate cut short', initiate(toyCertificate(B, 1).slice(1)), KeStatus.BAD_MESSAGE, 'curve-certificate-length'],
    ['without a certificate', initiate(new Uint8Array(0)), KeStatus.BAD_MESSAGE, 'curve-certificate-length'],
  ];
  test.each(rows)('%s', (_what, payload, status, reason) => {
    const to = side(A);
    const actions = invite(payload, to);
    expect([statusIn(actions), kinds(actions)]).toEqual([status, ['send', 'failed']]);
    expect(sends(actions)[0]).toMatchObject({ direction: 'response', seq: 7 });
    expect([to.machine.counts.get(reason), to.machine.partners, to.core.held.size]).toEqual([1, [], 0]);
  });
  test('with a suite that this side has no certificate for, naming the one that it has', () => {
    const actions = invite(initiate(toyCertificate(B, 2), 2), side(A, [1]));
    expect(decodeTerminate(sends(actions)[0]!.payload)).toEqual({ status: KeStatus.UNSUPPORTED_SUITE, waitTime: 0, suite: 1 });
  });
  test('when as many are under way as there may be, with the time to wait; one that is refused takes no place', () => {
    const to = side(A, [1], 2);
    for (const partner of [B, C]) expect(statusIn(invite(initiate(toyCertificate(partner, 1)), to, partner))).toBeUndefined();
    const late = eui64('020000000000000d');
    const actions = invite(initiate(toyCertificate(late, 1)), to, late);
    expect(decodeTerminate(sends(actions)[0]!.payload)).toMatchObject({ status: KeStatus.NO_RESOURCES, waitTime: 30 });
    expect([...to.machine.partners]).toEqual([B, C]);
  });
  test('never twice at once: a partner that begins anew replaces its own exchange', () => {
    const to = side(A);
    for (let n = 0; n < 5; n++) invite(initiate(toyCertificate(B, 1)), to);
    expect([to.machine.partners, to.core.held.size, to.machine.counts.get('begun-anew')]).toEqual([[B], 1, 4]);
  });
});

describe('a message out of place', () => {
  const accepted = (): Side => {
    const to = side(A);
    to.machine.hear(B, message('request', KeCommand.INITIATE, initiate(toyCertificate(B, 1))), NOW);
    return to;
  };
  test.each([
    ['ephemeral data before an invitation', side(A), message('request', KeCommand.EPHEMERAL, new Uint8Array(9))],
    ['a confirmation before ephemeral data', accepted(), message('request', KeCommand.CONFIRM, new Uint8Array(16))],
    ['a response to a responder', accepted(), message('response', KeCommand.EPHEMERAL, new Uint8Array(9))],
    ['an answer to nothing', side(A), message('response', KeCommand.INITIATE, initiate(toyCertificate(B, 1)))],
    ['a command that does not exist', side(A), message('request', 9, new Uint8Array(1))],
  ])('is answered with BAD_MESSAGE and ends the exchange: %s', (_what, to, heard) => {
    const actions = to.machine.hear(B, heard, NOW);
    expect(statusIn(actions)).toBe(KeStatus.BAD_MESSAGE);
    expect(sends(actions)[0]?.direction).toBe(heard.direction === 'request' ? 'response' : 'request');
    expect([to.machine.partners, to.core.held.size, to.machine.counts.get('out-of-order')]).toEqual([[], 0, 1]);
  });
  test('of ephemeral data that is no point is BAD_MESSAGE, of a wrong confirmation BAD_KEY_CONFIRM, of a short one BAD_MESSAGE', () => {
    const bad = accepted();
    expect(statusIn(bad.machine.hear(B, message('request', KeCommand.EPHEMERAL, Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0)), NOW))).toBe(
      KeStatus.BAD_MESSAGE,
    );
    for (const [length, status] of [
      [16, KeStatus.BAD_KEY_CONFIRM],
      [15, KeStatus.BAD_MESSAGE],
    ] as const) {
      const to = accepted();
      to.machine.hear(B, message('request', KeCommand.EPHEMERAL, Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0)), NOW);
      const actions = to.machine.hear(B, message('request', KeCommand.CONFIRM, new Uint8Array(length)), NOW);
      expect([statusIn(actions), to.machine.partners, to.core.held.size, kinds(actions)]).toEqual([status, [], 0, ['send', 'failed']]);
    }
  });
  test('of another partner does not touch the exchange', () => {
    const to = accepted();
    to.machine.hear(C, message('request', KeCommand.EPHEMERAL, new Uint8Array(9)), NOW);
    expect([to.machine.partners, to.core.held.size]).toEqual([[B], 1]);
  });
});

describe('an initiator', () => {
  test('refuses an answer of another suite, of another issuer, for another device', () => {
    for (const [payload, status] of [
      [initiate(toyCertificate(B, 1), 1), KeStatus.UNSUPPORTED_SUITE],
      [initiate(toyCertificate(B, 2, 9), 2), KeStatus.UNKNOWN_ISSUER],
      [initiate(toyCertificate(C, 2), 2), KeStatus.BAD_MESSAGE],
      [Uint8Array.of(2), KeStatus.BAD_MESSAGE],
    ] as const) {
      const a = side(A);
      begin(a, side(B), 2);
      const actions = a.machine.hear(B, message('response', KeCommand.INITIATE, payload), NOW);
      expect([statusIn(actions), sends(actions)[0]?.direction, a.machine.partners]).toEqual([status, 'request', []]);
    }
  });
  test('begins no second exchange with a partner, none above the bound, and none without a certificate', () => {
    const a = side(A, [1], 1);
    begin(a, side(B), 1);
    expect(a.machine.initiate(B, 1, NOW)).toMatchObject({ ok: false, code: 'busy' });
    expect(a.machine.initiate(C, 1, NOW)).toMatchObject({ ok: false, code: 'busy' });
    expect(a.machine.initiate(C, 2, NOW)).toMatchObject({ ok: false, code: 'no-certificate' });
  });
  test('that is told to end ends, and says how long it is to wait', () => {
    const a = side(A);
    begin(a, side(B), 1);
    const terminate = encodeTerminate({ status: KeStatus.NO_RESOURCES, waitTime: 30, suite: 3 });
    expect(a.machine.hear(B, message('response', KeCommand.TERMINATE, terminate), NOW)).toEqual([
      { kind: 'failed', partner: B, role: 'initiator', reason: 'terminated-4', waitTime: 30 },
    ]);
  });
  test('is not ended by whoever is no party: nothing under way, or the wrong side', () => {
    const a = side(A);
    begin(a, side(B), 1);
    const terminate = encodeTerminate({ status: KeStatus.BAD_MESSAGE, waitTime: 0, suite: 3 });
    expect(a.machine.hear(C, message('response', KeCommand.TERMINATE, terminate), NOW)).toEqual([]);
    expect(a.machine.hear(B, message('request', KeCommand.TERMINATE, terminate), NOW)).toEqual([]);
    expect(a.machine.partners).toEqual([B]);
  });
  test('that meets one gives way to the higher EUI-64: one exchange comes of two that began at once', () => {
    const [a, b] = [side(A), side(B)];
    const [fromA, fromB] = [begin(a, b, 1), begin(b, a, 1)];
    const [toB, toA] = [sends(fromA)[0]!, sends(fromB)[0]!];
    const answerB = b.machine.hear(A, { ...toB, seq: 1 }, NOW); // B is higher: A's invitation is refused
    const answerA = a.machine.hear(B, { ...toA, seq: 1 }, NOW); // A gives way
    expect([statusIn(answerB), statusIn(answerA)]).toEqual([KeStatus.NO_RESOURCES, undefined]);
    for (const each of sends(answerB)) expect(a.machine.hear(B, each, NOW)).toEqual([]);
    const done = carry(a, b, answerA);
    expect([kinds(done.from), kinds(done.to)]).toEqual([['establish'], ['establish']]);
    expect([b.machine.counts.get('both-began'), a.machine.counts.get('terminate-ignored')]).toEqual([1, 1]);
  });
});

describe('time', () => {
  test.each([
    [10, 15],
    [0, 0],
    [254, 1],
  ])('is given to a partner as it asked for it: %i s for ephemeral data, %i s for the confirmation', (ephemeral, confirm) => {
    const to = side(A);
    to.machine.hear(B, message('request', KeCommand.INITIATE, initiate(toyCertificate(B, 1), 1, ephemeral, confirm)), NOW);
    const first = NOW + ephemeral * 1000 + TRANSIT_MS;
    expect(to.machine.deadline).toBe(first);
    expect(to.machine.expire(first - 1)).toEqual([]);
    to.machine.hear(B, message('request', KeCommand.EPHEMERAL, Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0)), first - 1);
    const second = first - 1 + confirm * 1000 + TRANSIT_MS;
    expect(to.machine.deadline).toBe(second);
    expect(kinds(to.machine.expire(second))).toEqual(['failed']);
    expect([to.machine.deadline, to.core.held.size, to.machine.counts.get('timed-out')]).toEqual([undefined, 0, 1]);
  });
  test('ends an initiator whose partner says nothing, and no other exchange', () => {
    const a = side(A);
    begin(a, side(B), 1);
    a.machine.hear(C, message('request', KeCommand.INITIATE, initiate(toyCertificate(C, 1), 1, 60)), NOW);
    expect(a.machine.expire(NOW + AWAIT_RESPONSE_MS)).toMatchObject([{ kind: 'failed', partner: B, reason: 'timed-out' }]);
    expect(a.machine.partners).toEqual([C]);
  });
});

test('whatever is heard, in whatever order, no more exchanges are under way than the bound, none without a deadline, and the core holds no other', () => {
  const messages = fc.record({
    partner: fc.constantFrom(B, C, eui64('020000000000000d'), eui64('020000000000000e')),
    direction: fc.constantFrom('request' as const, 'response' as const),
    command: fc.constantFrom(0, 1, 2, 3, 4),
    kind: fc.constantFrom('right', 'short', 'wild'),
    wild: fc.uint8Array({ maxLength: 20 }),
    after: fc.integer({ min: 0, max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 40 }), (heard) => {
      const to = side(A, [1, 2], 2);
      let now = NOW;
      for (const { partner, direction, command, kind, wild, after } of heard) {
        now += after;
        to.machine.expire(now);
        const right = [
          initiate(toyCertificate(partner, 1)),
          Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0),
          new Uint8Array(16),
          Uint8Array.of(3, 0, 1, 0),
        ][command];
        const payload = kind === 'wild' || right === undefined ? wild : kind === 'short' ? right.slice(1) : right;
        const actions = to.machine.hear(partner, message(direction, command, payload), now);
        expect(actions.filter(({ kind: each }) => each === 'establish')).toEqual([]); // nobody knew what to confirm
        expect(to.machine.partners.length).toBeLessThanOrEqual(2);
        expect(to.machine.deadline === undefined).toBe(to.machine.partners.length === 0);
        expect(to.core.held.size).toBe(to.machine.partners.length);
      }
    }),
  );
});
