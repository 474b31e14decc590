/** The one name for a project, however it is written (PEP 503): `Friendly_Bard` is `friendly-bard`. */
export const normalName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();
