import { joinRegistries, type PluginRegistry } from '../plugins/registry.ts';
import { pipelinesIn, type ValidPipeline } from '../validate/valid-pipeline.ts';

/** The plugins of a pipeline and of all that it includes. */
export const registryOf = (pipeline: ValidPipeline): PluginRegistry => joinRegistries([...pipelinesIn(pipeline)].map(({ registry }) => registry));
