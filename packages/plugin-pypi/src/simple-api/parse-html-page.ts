import { Parser } from 'htmlparser2';
import type { IndexFile } from './index-file.ts';

/**
 * Reads a project page in HTML (PEP 503): each link is a file, its text the name, the fragment of its address the hash, and
 * `data-yanked` says that it was withdrawn, `data-requires-python` for whom it is.
 */
export function parseHtmlPage(html: string): readonly IndexFile[] {
  const files: IndexFile[] = [];
  let link: (Omit<IndexFile, 'filename'> & { filename: string }) | undefined;
  const parser = new Parser({
    onopentag(name, { href, 'data-yanked': yanked, 'data-requires-python': requiresPython }) {
      if (name === 'a' && href !== undefined) link = { filename: '', sha256: sha256In(href), yanked, requiresPython };
    },
    ontext(text) {
      if (link) link.filename += text;
    },
    onclosetag(name) {
      if (name === 'a' && link) files.push({ ...link, filename: link.filename.trim() });
      if (name === 'a') link = undefined;
    },
  });
  parser.end(html);
  return files;
}

const sha256In = (href: string): string | undefined =>
  /#(?:.*&)?sha256=([0-9a-f]{64})(?:&|$)/i.exec(href)?.[1]?.toLowerCase();
