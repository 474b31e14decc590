import { parseReference, printReference, type ImageReference } from '../reference/image-reference.ts';

/** Whether one of the names in a report is the image: by its digest where that is known, else by its name. */
export function isOfImage(names: readonly string[], image: string): boolean {
  const wanted = parseReference(image);
  if (wanted.digest !== undefined) return names.some((name) => name.includes(wanted.digest ?? ''));
  return names.some((name) => print(parseReference(name)) === print(wanted));
}

const print = (reference: ImageReference): string => printReference({ ...reference, tag: reference.tag ?? 'latest', digest: undefined });
