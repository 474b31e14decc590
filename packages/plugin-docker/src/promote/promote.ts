import { defineStep } from 'relpipe/plugin';
import { tagChange } from '../tag/tag-change.ts';
import { promoteConfig, promoted } from './promote-config.ts';

/**
 * `docker.promote`: gives an image of a repository a further tag through the registry's API. The manifest's bytes stay the
 * same, so the digest and all signatures hold, and no layer moves.
 */
export const promote = defineStep({
  summary: 'Gives an image a new tag: same manifest bytes, same digest, no layer moves',
  with: promoteConfig,
  outputs: promoted,
  state: tagChange,
  onLost: 'probe',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-promote.ts')).verifyPromote(config, context),
  preview: async (config, context) => (await import('./preview-promote.ts')).previewPromote(config, context),
  probe: async (config, context) => (await import('./probe-promote.ts')).probePromote(config, context),
  run: async (config, context) => (await import('./run-promote.ts')).runPromote(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-promote.ts')).rollbackPromote(config, context) },
});
