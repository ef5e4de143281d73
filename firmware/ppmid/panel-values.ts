/** What a panel shows, in the units of the payload's agreement (firmware/payload/abi.ts). Values of virtual homes are made up. */

/** Values of one panel. */
export interface PanelValues {
  /** Pence; negative while emergency credit is used. */
  readonly balance: number;
  /** Pence. */
  readonly emergencyLimit: number;
  readonly emergency: 'none' | 'available' | 'in-use';
  readonly mode: 'credit' | 'prepayment';
  readonly supply: 'off' | 'on' | 'armed';
  /** Watts. */
  readonly power: number;
  /** Hundredths of a penny per kWh. */
  readonly rate: number;
  /** Hundredths of a penny per day. */
  readonly standing: number;
  /** Pence. */
  readonly debt: number;
  /** Watt hours of today and the six days before, today first. */
  readonly days: readonly number[];
  /** Message of the supplier; printable ASCII, the first 160 characters are shown. */
  readonly message: string;
  /** Page and language, as the program's `key` answered last. */
  readonly setting: number;
}

/** A prepaying home in November. */
export const SAMPLE_VALUES: PanelValues = {
  balance: 1234,
  emergencyLimit: 1000,
  emergency: 'available',
  mode: 'prepayment',
  supply: 'on',
  power: 432,
  rate: 2862,
  standing: 5311,
  debt: 0,
  days: [4120, 9321, 8800, 10230, 7400, 6210, 9950],
  message: '',
  setting: 0,
};
