import type { components } from './schema';

/** Names for the shapes of the API; all of them generated from its OpenAPI. */
type Shapes = components['schemas'];

export type Right = Shapes['RightsSetItem']['rights'][number];

export type Me = Omit<Shapes['Me'], 'rights'> & { rights: Right[] };
export type Ref = Shapes['Ref'];
/** What the server may refuse with, as `Problem.code` says it. */
export type RefusalCode = Shapes['Problem']['code'];
export type Calendar = Shapes['Calendar'];
export type CalendarDoctor = Shapes['CalendarDoctor'];
export type Visit = Shapes['VisitItem'];
/** A visit in its window: with the patient's categories. */
export type VisitCard = Shapes['VisitCard'];
export type VisitStatus = Visit['status'];
export type VisitLine = Shapes['LineItem'];
export type VisitChange = Shapes['VisitChange'];
export type NewVisit = Shapes['NewVisit'];
/** A patient in lists. */
export type PatientItem = Shapes['PatientItem'];
/** A patient's whole card. */
export type Patient = Shapes['PatientCard'];
export type NewLine = NonNullable<NewVisit['lines']>[number];
export type NewPatient = Shapes['NewPatient'];
export type PatientChange = Shapes['PatientChange'];
export type Service = Shapes['ServiceItem'];
