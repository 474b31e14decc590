/** The two indexes whose addresses belong together without being asked. */
export interface KnownIndex {
  readonly simple: string;
  readonly upload: string;
  /** Where people manage their projects. */
  readonly site: string;
}

export const knownIndexes: Readonly<Record<string, KnownIndex>> = {
  pypi: { simple: 'https://pypi.org/simple/', upload: 'https://upload.pypi.org/legacy/', site: 'https://pypi.org' },
  testpypi: { simple: 'https://test.pypi.org/simple/', upload: 'https://test.pypi.org/legacy/', site: 'https://test.pypi.org' },
};

/** By its Simple API or its upload address, with or without the slash at the end. */
export function findKnownIndex(url: string): KnownIndex | undefined {
  const withSlash = url.endsWith('/') ? url : `${url}/`;
  return Object.values(knownIndexes).find(({ simple, upload }) => withSlash === simple || withSlash === upload);
}
