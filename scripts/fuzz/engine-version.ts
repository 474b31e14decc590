import engine from '../../packages/engine/package.json' with { type: 'json' };

// Otherwise set by the build. Imported before the sources of the engine: plugins are compared with it when they are loaded.
Object.assign(globalThis, { RELPIPE_VERSION: engine.version });
