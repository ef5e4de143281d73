/** Whose PPMIDs must have proved their keys before they are upgraded, and what is refused otherwise. */
import { describe, expect, test } from 'vitest';
import { seededStatement } from '../../../host/compose/register-seeds.ts';
import type { InventoryStatement } from '../../../host/model/register.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { UpdateFirmware } from '../../../host/model/service-request.ts';
import { gatedCohort, migratedCohort, ppmidKeysRule } from '../../../host/policy/ppmid-keys.ts';

const cohorts = seededStatement('cohorts', { version: 1, environment: 'lab', issued: 0, validFrom: 0, validTo: 4_102_444_800 });
const BEGAN = Date.UTC(2020, 10, 24) / 1000;
const inventory = (over: Partial<InventoryStatement>): InventoryStatement =>
  ({ cohort: 'IOC', stage: 'enrolled', enrolled: BEGAN - 1, ...over }) as InventoryStatement;

describe('the keys of PPMIDs are asked about', () => {
  test.each([
    ['IOC', {}, 'IOC'],
    ['MOC-MDS', { cohort: 'MOC-MDS' }, 'MOC-MDS'],
    ['IOC, enrolled on a day that nobody recorded', { enrolled: undefined }, 'IOC'],
    ['IOC by its maker alone', { cohort: 'unknown', maker: cohorts.makers.find(({ cohort }) => cohort === 'IOC')?.maker }, 'IOC'],
  ] as const)('at a hub of %s [R-KEYS-01] [R-KEYS-02]', (_, over, cohort) => expect(gatedCohort(inventory(over), cohorts)).toBe(cohort));

  test.each([
    ['of MOC-Secure [R-KEYS-02]', { cohort: 'MOC-Secure' }],
    ['of FOC', { cohort: 'FOC' }],
    ['of a cohort that nobody knows', { cohort: 'unknown' }],
    ['enrolled on the day on which the service began, or later [R-KEYS-09]', { enrolled: BEGAN }],
    ['that is with its SMSO still', { stage: 'with-smso', enrolled: undefined }],
  ] as const)('not at a hub %s', (_, over) => expect(gatedCohort(inventory(over), cohorts)).toBeUndefined());

  test('not before the registers have said anything: other rules refuse then', () => {
    expect([gatedCohort(undefined, cohorts), gatedCohort(inventory({}), undefined)]).toEqual([undefined, undefined]);
  });
});

describe('a PPMID without its key is an incident', () => {
  test.each([
    ['enrolled when the loading of keys was over for its cohort', { enrolled: BEGAN }, 'IOC'],
    ['of MOC-MDS, likewise', { cohort: 'MOC-MDS', enrolled: BEGAN + 1 }, 'MOC-MDS'],
    ['enrolled before: it is a candidate for loading', {}, undefined],
    ['enrolled on a day that nobody recorded', { enrolled: undefined }, undefined],
    ['of MOC-Secure, for which no key was loaded', { cohort: 'MOC-Secure', enrolled: BEGAN }, undefined],
    ['that is with its SMSO still', { stage: 'with-smso', enrolled: BEGAN }, undefined],
  ] as const)('at a hub %s, or not [R-KEYS-09]', (_, over, cohort) => expect(migratedCohort(inventory(over), cohorts)).toBe(cohort));
});

describe('an upgrade of a PPMID of such a hub', () => {
  const request = { target: eui64('0200000000000202') } as UpdateFirmware;
  const check = (keyState: 'present' | 'missing' | 'retrying' | 'investigation' | undefined, over: Partial<InventoryStatement> = {}) =>
    ppmidKeysRule.check({ inventory: inventory(over), cohorts, keyState, request });

  test.each([
    [undefined, 'has not proved its key'],
    ['missing', 'has not proved its key'],
    ['retrying', 'being retried'],
    ['investigation', 'under investigation'],
  ] as const)('is refused while its keys are %s [R-KEYS-08]', (state, said) =>
    expect(check(state)).toMatchObject({ code: 'ppmid-keys-missing', detail: expect.stringMatching(`^PPMID keys missing: .*${said}$`) }),
  );
  test('goes on once they are present', () => expect(check('present')).toBeUndefined());
  test('goes on whatever they are where nobody asks', () => expect(check('missing', { cohort: 'MOC-Secure' })).toBeUndefined());
});
