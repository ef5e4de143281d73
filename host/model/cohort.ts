/** The cohorts of SMETS1 installations [R-COH-01]: what is live, and from when on, differs from one to the next. */

/** MOC is two cohorts: MDS (Morrisons Data Services) and Secure are served in different ways (002, paragraph 12). */
export type Cohort = 'IOC' | 'MOC-MDS' | 'MOC-Secure' | 'FOC';

/** Every cohort. */
export const COHORTS: readonly Cohort[] = ['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC'];
