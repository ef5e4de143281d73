/**
 * DUIS response codes by reason. Only those whose meaning is public are named, as the public list of DCC response codes has them; that a reason
 * falls under one is our inference. Codes of the Error Handling Strategy for SMETS1 are not public: such reasons answer `none`.
 */

/** Success. */
export const SUCCESS = 'I0';
/** No public code fits. */
export const NO_CODE = 'none';

const RESPONSES: Readonly<Record<string, string>> = {
  // E1: user or role invalid.
  'role-not-held': 'E1',
  // E2: the role may not send this reference.
  'role-not-eligible': 'E2',
  // E4: the role is not authorised for the device at that time.
  'no-lead-supplier': 'E4',
  'not-lead-supplier': 'E4',
  'gas-supplier': 'E4',
  'not-responsible-supplier': 'E4',
  // E5: the device's status in the inventory does not allow it.
  'with-smso': 'E5',
  'commissioning-prohibited': 'E5',
  // E11: request and device type do not go together.
  'not-a-ppmid': 'E11',
  'not-a-hub': 'E11',
  'takes-no-image': 'E11',
  // E19: the device is not known.
  'unknown-device': 'E19',
  'not-this-hub': 'E19',
};

/** The response code of a refusal. */
export const responseTo = (code: string): string => (Object.hasOwn(RESPONSES, code) ? (RESPONSES[code] ?? NO_CODE) : NO_CODE);
