/** The same text for the same list of version specifiers (PEP 440), whatever their order and spaces: `>=3.9, <4` is `<4,>=3.9`. */
export const normalSpecifiers = (text: string): string =>
  text
    .replace(/\s+/g, '')
    .split(',')
    .filter((specifier) => specifier !== '')
    .sort()
    .join(',');
