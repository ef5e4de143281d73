/** What the registers that come with the program say, and the rules about texts, dates and provisions on them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEEDED_KINDS, seededStatement } from '../../../host/compose/register-seeds.ts';
import { secondsOf } from '../../../host/messages/json-notation.ts';
import type { DocumentEntry, DocumentsStatement, ProvisionEntry } from '../../../host/model/regulation.ts';
import { cohortOf } from '../../../host/policy/cohort.ts';
import { oddDates, outcomes, withinOneMonth } from '../../../host/policy/designation.ts';
import { applies, passingAt, provisionHolds, securityDuties, SMETS2_ONLY, variedBy } from '../../../host/policy/provisions.ts';
import { registerDefect } from '../../../host/policy/register-defects.ts';
import { keepingOf, targetOfRequest } from '../../../host/policy/response-times.ts';
import { textInForce, textsInForce, textStanding } from '../../../host/policy/texts.ts';
import { monthLater } from '../../../host/model/calendar.ts';

const BASE = { version: 1, environment: 'lab', issued: 0, validFrom: 0, validTo: 4_102_444_800 } as const;
const documents = seededStatement('documents', BASE);
const cohorts = seededStatement('cohorts', BASE);
const at = (date: string): number => secondsOf(date) as number;
const versionAt = (document: string, date: string): string | undefined => textInForce(documents, document, at(date))?.version;

describe('the register of documents', () => {
  test.each([
    ['S1SR', '2020-07-26', '4.0', 'R-DOC-05'],
    ['S1SR', '2020-11-23', '4.0', 'R-DOC-01'],
    ['S1SR', '2020-11-24', '5.0', 'R-DOC-01'],
    ['DMVES', '2020-11-24', '5.0', 'R-DOC-01'],
    ['SRPD', '2020-11-23', '3.0', 'R-DOC-03'],
    ['SRPD', '2020-11-24', '4.0', 'R-DOC-03'],
    ['TMAD', '2020-11-12', '8.0', 'R-DOC-06'],
    ['TMAD', '2020-12-12', '8.0', 'R-DOC-06'],
    ['TMAD', '2020-12-13', 'for FOC', 'R-DATE-02'],
    ['TMAD', '2021-08-24', 'of 24 August 2021', 'R-DATE-05'],
    ['TMAD', '2021-11-03', '16.0', 'R-DOC-04'],
    ['TMAD', '2021-11-04', '17.0', 'R-DOC-04'],
    ['S1SR', '2021-11-03', '10.0', 'R-DOC-04'],
    ['S1SR', '2021-11-04', '11.0', 'R-DOC-04'],
  ])('has for %s on %s version %s [R-DOC-01, R-DOC-03, R-DOC-04, R-DOC-05, R-DOC-06] (%s)', (document, date, version) =>
    expect(versionAt(document, date)).toBe(version),
  );

  test('has no S1SR before 26 July 2020 and no TMAD before 12 November 2020 [R-DOC-05, R-DOC-06, R-MIG-09]', () => {
    expect([versionAt('S1SR', '2020-07-25'), versionAt('TMAD', '2020-11-11')]).toEqual([undefined, undefined]);
    expect([versionAt('TMAD', '2020-11-12'), versionAt('S1SR', '2020-11-12')]).toEqual(['8.0', '4.0']);
  });

  test('tells the two texts of DUIS 3.0, and those of 3.1, apart by their dates, where the number alone could not [R-DOC-02]', () => {
    for (const version of ['3.0', '3.1']) {
      const texts = documents.documents.filter((entry) => entry.document === 'DUIS' && entry.version === version);
      expect(new Set(texts.map(({ effectiveFrom }) => effectiveFrom)).size).toBe(2);
      const [old, now] = texts.map(({ document, effectiveFrom }) => ({ document, version, effectiveFrom: effectiveFrom! }));
      expect([textStanding(documents, old!, at('2020-11-23')), textStanding(documents, now!, at('2020-11-23'))]).toEqual([
        'in-force',
        'not-yet',
      ]);
      expect([textStanding(documents, old!, at('2020-11-24')), textStanding(documents, now!, at('2020-11-24'))]).toEqual([
        'superseded',
        'in-force',
      ]);
    }
  });

  test('never has a draft in force, at whatever time [R-DOC-05, R-DOC-09]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
        for (const { status, version } of textsInForce(documents, second))
          expect([status, /draft/.test(version)]).toEqual(['designated', false]);
      }),
    );
    expect(documents.documents.filter(({ status }) => status === 'draft').length).toBeGreaterThan(3);
  });

  test('has one text a document in force at a time, but for the versions of DUIS, which are in force beside each other', () => {
    for (const date of ['2020-08-01', '2020-11-24', '2020-12-13', '2021-08-24', '2021-11-03', '2021-11-04', '2026-01-01']) {
      const names = textsInForce(documents, at(date)).map(({ document, version }) =>
        document === 'DUIS' ? `${document} ${version}` : document,
      );
      expect(names.length).toBe(new Set(names).size);
    }
  });

  test('says of each direction its legal basis and who was notified [R-GOV-02]', () => {
    const directions = documents.documents.filter(({ standing }) => standing === 'direction');
    expect(directions.length).toBe(7);
    for (const { basis, notified } of directions)
      expect([/condition 22 and SEC Section X5/.test(basis), notified]).toEqual([true, 'SEC Administrator']);
  });

  test('calls a direction nothing but what stands under Direction in 001 and 002', () => {
    for (const { standing, source } of [...documents.documents, ...documents.calendar]) {
      expect([standing === 'direction', /^00[12] Direction/.test(source)]).toSatisfy(([is, stands]: boolean[]) => !is || stands === true);
    }
  });

  test('tags each change with its uplift and with whether it needs the systems [R-UPLIFT-01]', () => {
    expect(documents.uplifts.map(({ uplift }) => uplift)).toEqual(['1.2', '2.2', '3.0']);
    expect(documents.uplifts.find(({ uplift }) => uplift === '2.2')?.changes.map(({ needsSystem }) => needsSystem)).toEqual([true, false]);
  });
});

describe('a register', () => {
  const change = (i: number, entry: Partial<DocumentEntry>): DocumentsStatement => ({
    ...documents,
    documents: documents.documents.map((each, at) => (at === i ? ({ ...each, ...entry } as DocumentEntry) : each)),
  });
  test.each<[string, DocumentsStatement, string, string]>([
    ['a draft as in force', change(1, { status: 'designated', effectiveFrom: 1 }), 'draft-in-force', 'R-DOC-05'],
    ['a direction with a placeholder for its date', change(20, { status: 'designated' }), 'placeholder', 'R-DOC-09'],
    ['a matrix that belongs to another S1SR', change(6, { alignedTo: '4.0' }), 'matrix-not-aligned', 'R-DMVES-02'],
    ['a text without legal basis', change(5, { basis: '' }), 'no-legal-basis', 'R-GOV-02'],
    ['a text of which nobody was notified', change(5, { notified: '' }), 'no-legal-basis', 'R-GOV-02'],
  ])('with %s is not taken into use [R-DOC-05, R-DOC-09, R-DMVES-02, R-GOV-02]', (_, statement, code, requirement) => {
    expect(registerDefect(statement, undefined, 0)).toMatchObject({ code, requirements: [requirement] });
  });

  test('that holds the number of a supply in a text is not taken into use: records and reports would repeat it [R-PRIV-01]', () => {
    const services = seededStatement('services', BASE);
    const restriction = { srv: '11.1', devices: {}, from: 0, reason: 'blank display at 1200023305967' };
    expect(registerDefect({ ...services, restrictions: [restriction] }, documents, 0)).toMatchObject({
      code: 'personal-data',
      detail: 'services.restrictions[0].reason holds a meter point or top-up number',
    });
    expect(
      registerDefect({ ...services, restrictions: [{ ...restriction, reason: 'blank display, INC1234567890123' }] }, documents, 0),
    ).toBeUndefined();
  });

  test('that comes with the program has no defect', () => {
    for (const kind of SEEDED_KINDS)
      expect([kind, registerDefect(seededStatement(kind, BASE), documents, at('2026-01-01'))]).toEqual([kind, undefined]);
  });

  test('of steps is taken only beside the S1SR that it is aligned to [R-DMVES-02]', () => {
    const steps = seededStatement('equivalent-steps', BASE);
    expect(registerDefect(steps, documents, at('2021-11-04'))).toBeUndefined();
    expect(registerDefect(steps, documents, at('2021-11-03'))).toMatchObject({ code: 'matrix-not-aligned' });
    expect(registerDefect(steps, undefined, at('2021-11-04'))).toMatchObject({ code: 'matrix-not-aligned' });
  });

  test('that serves some live cohorts and not others is taken with a recorded reason alone [R-PPMID-13]', () => {
    const { partialBecause: _why, ...bare } = cohorts;
    const now = at('2026-01-01');
    expect(registerDefect(bare, documents, now)).toMatchObject({
      code: 'partial-service',
      detail: expect.stringContaining('FOC') as string,
    });
    expect(registerDefect({ ...bare, partialBecause: ' ' }, documents, now)).toMatchObject({ code: 'partial-service' });
    expect(registerDefect(bare, documents, at('2020-12-01'))).toBeUndefined();
    const all = { ...bare, cohorts: bare.cohorts.map((each) => ({ ...each, ppmidFirmware: at('2022-01-01') })) };
    expect(registerDefect(all, documents, now)).toBeUndefined();
  });

  test('that serves IOC and neither part of MOC is taken with a reason alone: all three were live when the service began [R-PPMID-13]', () => {
    const { partialBecause: _why, ...bare } = cohorts;
    const ioc = { ...bare, cohorts: bare.cohorts.map((each) => (each.cohort === 'IOC' ? each : { ...each, ppmidFirmware: undefined })) };
    const [before, first] = [at('2020-11-24') - 1, at('2020-11-24')];
    expect(registerDefect(ioc, documents, before)).toBeUndefined();
    expect(registerDefect(ioc, documents, first)).toMatchObject({
      code: 'partial-service',
      detail: expect.stringMatching(/: MOC-MDS, MOC-Secure;/) as string,
    });
    expect(registerDefect({ ...ioc, partialBecause: 'the tool has not run for MOC' }, documents, first)).toBeUndefined();
    expect(registerDefect(bare, documents, first)).toBeUndefined();
  });

  test('with an elective service that is none, or a combination without hub, is not taken [R-ELEC-03, R-EPC-01]', () => {
    const services = seededStatement('services', BASE);
    const elective = { ...services.services[0]!, elective: { overSmWan: true, solelyEnergy: false } };
    expect(registerDefect({ ...services, services: [elective] }, documents, 0)).toMatchObject({ code: 'not-an-elective-service' });
    expect(registerDefect({ kind: 'combinations', ...BASE, combinations: [[]] }, documents, 0)).toMatchObject({
      code: 'no-hub',
      detail: expect.stringContaining('combinations[0]') as string,
    });
  });
});

describe('the calendar', () => {
  const year = (of: number): readonly string[] =>
    documents.calendar
      .filter(({ from }) => new Date(from * 1000).getUTCFullYear() === of)
      .map(({ what, type, from }) => `${new Date(from * 1000).toISOString().slice(0, 10)} ${type} ${what}`);

  test('has the plans of 2018 and the day that FOC went live, apart from each other [R-DATE-01, R-DATE-02]', () => {
    expect(year(2018).filter((each) => each.includes('plan'))).toEqual([
      '2018-11-30 plan IOC, planned',
      '2018-06-21 plan SMETS1 service, response due in summer',
    ]);
    expect(year(2020)).toContain('2020-12-13 go-live FOC live');
    const foc = cohorts.cohorts.find(({ cohort }) => cohort === 'FOC');
    expect([foc?.planned, foc?.live, foc?.ppmidFirmware]).toEqual([at('2019-06-30'), at('2020-12-13'), undefined]);
  });
  test('has the milestones of 2020 and of 2021, each with source and type [R-DATE-03, R-DATE-05, R-DATE-06]', () => {
    expect(year(2020)).toEqual(
      expect.arrayContaining([
        '2020-07-24 consultation S1SR, third consultation for MOC (Secure)',
        '2020-08-06 consultation Uplift 1.2',
        '2020-10-01 tool Tool that loads PPMID keys, from early October',
        '2020-11-12 designation TMAD 8.0',
        '2020-11-13 report S1SR for MOC (Secure) handed to BEIS',
        '2020-11-24 designation S1SR 5.0, DMVES 5.0, DUIS 3.0 and 3.1, SRPD 4.0',
        '2020-11-13 report S1SR for MOC (Secure) handed to BEIS, due',
        '2020-11-04 consultation S1SR for MOC (Secure), date',
      ]),
    );
    expect(
      year(2021)
        .map((each) => each.slice(0, 10))
        .toSorted(),
    ).toEqual([
      '2021-06-24',
      '2021-07-27',
      '2021-08-04',
      '2021-08-24',
      '2021-09-14',
      '2021-09-14',
      '2021-09-14',
      '2021-10-12',
      '2021-10-19',
      '2021-11-03',
      '2021-11-04',
    ]);
    for (const { source, type } of documents.calendar) expect([source.length > 2, type.length > 2]).toEqual([true, true]);
  });
  test('lists the dates of the 2018 consultation as those of a proposal and not as in force [R-DATE-04]', () => {
    const of2018 = documents.calendar.filter(({ requirements }) => requirements.includes('R-DATE-04'));
    expect(of2018.map(({ what }) => what)).toHaveLength(3);
    expect(new Set(of2018.map(({ standing }) => standing))).toEqual(new Set(['proposal-2018']));
  });
  test('keeps superseded dates as history; the actual one alone drives rules [R-DOC-13]', () => {
    const superseded = documents.calendar.filter(({ requirements }) => requirements.includes('R-DOC-13'));
    expect(superseded.map(({ from }) => new Date(from * 1000).toISOString().slice(0, 10)).toSorted()).toEqual([
      '2020-09-22',
      '2020-09-29',
      '2020-11-03',
      '2020-11-16',
    ]);
    for (const { actual } of superseded) expect(actual).toBe(at('2020-11-24'));
    for (const date of ['2020-09-29', '2020-11-03', '2020-11-16']) expect(versionAt('S1SR', date)).toBe('4.0');
  });
  test('warns of conclusions before the end of their consultation, and keeps them as reported [R-DOC-14]', () => {
    expect(oddDates(documents.calendar)).toEqual([
      'S1SR, further changes: concluded on 2021-09-14, before the consultation closed on 2021-09-28 (001 4)',
    ]);
    expect(documents.calendar.filter(({ what, type }) => type === 'conclusion' && what === 'S1SR, further changes')).toHaveLength(1);
  });
});

describe('that date or within one month', () => {
  test.each([
    ['2020-11-03', '2020-11-24', true],
    ['2020-11-16', '2020-11-24', true],
    ['2021-11-03', '2021-11-04', true],
    ['2021-10-12', '2021-11-04', true],
    ['2020-09-22', '2020-11-24', false],
    ['2020-09-29', '2020-11-24', false],
    ['2020-11-24', '2020-11-24', true],
    ['2020-11-24', '2020-11-23', false],
    ['2020-11-24', '2020-12-24', true],
    ['2020-11-24', '2020-12-25', false],
    ['2021-01-31', '2021-02-28', true],
    ['2021-01-31', '2021-03-01', false],
    ['2020-01-31', '2020-02-29', true],
    ['2020-12-31', '2021-01-31', true],
  ])('%s and %s: %s [R-DOC-07]', (proposed, actual, holds) => expect(withinOneMonth(at(proposed), at(actual))).toBe(holds));

  test('is what the calendar says of every proposal that came out [R-DOC-07]', () => {
    expect(outcomes(documents.calendar).map(({ proposed, kept }) => [new Date(proposed * 1000).toISOString().slice(0, 10), kept])).toEqual([
      ['2020-09-22', false],
      ['2020-09-29', false],
      ['2020-11-03', true],
      ['2020-11-16', true],
      ['2021-10-12', true],
      ['2021-11-03', true],
    ]);
  });
  test('reckons a month as the calendar of the machine does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (days) => {
        const date = new Date(days * 86_400_000);
        const next = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
        const last = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
        expect(monthLater(days * 86_400)).toBe(next.getTime() / 1000 + (Math.min(date.getUTCDate(), last) - 1) * 86_400);
      }),
    );
  });
});

describe('provisions', () => {
  test.each(Object.entries(SMETS2_ONLY))(
    '%s binds SMETS2+ alone [R-EPC-05, R-DEV-06, R-DEV-07, R-TRT-01, R-ENC-01, R-PC-01, R-GBCS-01] (%s)',
    (provision) => {
      expect([applies(provision, 'SMETS1'), applies(provision, 'SMETS2')]).toEqual([false, true]);
    },
  );
  test('that are not named bind both [R-DEV-06]', () => expect(applies('F4.6 configuration of a CHF', 'SMETS1')).toBe(true));
  test('on security stand in the licences before enrolment and in the Code after it [R-LIC-01]', () => {
    expect(securityDuties(false)).toContain('licence conditions 40 (gas) and 46 (electricity)');
    expect(securityDuties(true)).toContain('Smart Energy Code');
  });

  const named = (provision: string): ProvisionEntry => documents.provisions.find((each) => each.provision === provision)!;
  test('of transition lapse on their day, or with completion of implementation if that is named and comes first [R-DOC-12]', () => {
    const [extended, other] = [named('X5'), named('X, the remaining transitional provisions')];
    const holds = (entry: ProvisionEntry, date: string, completion?: string): boolean =>
      provisionHolds(entry, completion === undefined ? undefined : at(completion), at(date));
    expect([holds(other, '2018-10-31'), holds(other, '2018-11-01')]).toEqual([true, false]);
    expect([holds(extended, '2018-11-01'), holds(extended, '2020-12-31'), holds(extended, '2021-01-01')]).toEqual([true, true, false]);
    expect([holds(extended, '2019-12-31', '2020-01-01'), holds(extended, '2020-01-01', '2020-01-01')]).toEqual([true, false]);
    expect(holds(other, '2018-10-31', '2018-01-01')).toBe(true);
  });
  test('of TMAD vary others between their dates alone [R-MIG-07, R-INC-04]', () => {
    const overlay: ProvisionEntry = {
      provision: 'TMAD overlay',
      from: at('2021-01-01'),
      to: at('2022-01-01'),
      untilCompletion: false,
      varies: ['H9 incidents'],
      source: 'a test',
    };
    const varied = (date: string): readonly string[] =>
      variedBy({ provisions: [overlay], completion: undefined }, 'H9 incidents', at(date)).map(({ provision }) => provision);
    expect([varied('2020-12-31'), varied('2021-01-01'), varied('2021-12-31'), varied('2022-01-01')]).toEqual([
      [],
      ['TMAD overlay'],
      ['TMAD overlay'],
      [],
    ]);
    expect(variedBy({ provisions: [overlay], completion: undefined }, 'H3.14', at('2021-06-01'))).toEqual([]);
    expect(passingAt({ provisions: [overlay], completion: undefined }, at('2021-06-01'))).toEqual({
      provisions: [overlay],
      varied: [{ base: 'H9 incidents', by: ['TMAD overlay'] }],
    });
    expect(passingAt({ provisions: [overlay], completion: undefined }, at('2022-01-01'))).toEqual({ provisions: [], varied: [] });
  });
});

describe('cohorts', () => {
  test('are four, and Aclara combinations are of the first [R-COH-01, R-COH-02]', () => {
    expect(cohorts.cohorts.map(({ cohort }) => cohort)).toEqual(['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC']);
    expect(cohortOf({ cohort: 'unknown', maker: 'Aclara' }, cohorts)).toBe('IOC');
    expect(cohortOf({ cohort: 'unknown', maker: undefined }, cohorts)).toBe('unknown');
    expect(cohortOf({ cohort: 'FOC', maker: 'Aclara' }, cohorts)).toBe('unknown');
  });
});

describe('target response times', () => {
  const table = { ...seededStatement('response-times', BASE), smets2: [{ srv: '11.1', seconds: 30 }] };
  test('of SMETS1 are its own: none is set until somebody fills the table, and that of SMETS2 never stands in [R-TRT-01]', () => {
    expect(seededStatement('response-times', BASE)).toMatchObject({ smets1: [], smets2: [] });
    expect([targetOfRequest(table, '11.1', 'SMETS1'), targetOfRequest(table, '11.1', 'SMETS2')]).toEqual([undefined, 30]);
    expect(targetOfRequest({ ...table, smets1: [{ srv: '11.1', seconds: 60 }] }, '11.1', 'SMETS1')).toBe(60);
  });
  test('are what elapsed times are held against, by service, in percent [R-TRT-02]', () => {
    const elapsed = [59, 60, 61, 600].map((seconds) => ({ srv: '11.1', seconds }));
    const set = { ...table, smets1: [{ srv: '11.1', seconds: 60 }] };
    expect(keepingOf(set, [...elapsed, { srv: '8.3', seconds: 1 }])).toEqual([
      { srv: '11.1', count: 4, target: 60, late: 50 },
      { srv: '8.3', count: 1, target: undefined, late: undefined },
    ]);
  });
});
